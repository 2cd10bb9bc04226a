import { defineCifarSet } from "./cifar_set.ts";
import type { DatasetPlugin } from "../contract.ts";
import type { SplitOptions } from "./idx_set.ts";

const words = (text: string): string[] => text.trim().split(/\s+/);

/**
 * CIFAR-100: 60,000 photos of 32x32 pixels, with the labels `coarse` (20 classes) and `fine` (100). The data
 * is the archive of the binary version or of the one for Python, or a folder with it or with its files. The
 * checksum is the one that TensorFlow Datasets publishes.
 */
export const cifar100: DatasetPlugin<SplitOptions> = defineCifarSet({
  name: "cifar100",
  description: "60,000 photos of 32x32 in a hundred classes",
  labels: {
    coarse: words(`
      aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices
      household_furniture insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes
      large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles small_mammals trees
      vehicles_1 vehicles_2`),
    fine: words(`
      apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
      caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant
      flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man
      maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree
      plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper
      snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train
      trout tulip turtle wardrobe whale willow_tree wolf woman worm`),
  },
  folder: "cifar-100-binary",
  parts: { train: ["train.bin"], test: ["test.bin"] },
  python: { folder: "cifar-100-python", labels: ["coarse_labels", "fine_labels"] },
  archive: {
    urls: ["https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"],
    size: 168_513_733,
    sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
  },
});

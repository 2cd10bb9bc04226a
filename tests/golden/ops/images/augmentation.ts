import {
  AUGMENTATION_KINDS,
  AUGMENTATION_PARAMETERS,
  type AugmentationKind,
  augmentImages,
} from "../../../../src/gpu/mod.ts";
import type { GoldenCase } from "../../golden_case.ts";
import { IMAGE } from "../../layout.ts";
import { differentiate, type Run } from "../differentiate.ts";

/** The steps of a case, in the order in which we take them. */
const STEPS: Readonly<Record<string, AugmentationKind>> = {
  brightness: "color",
  saturation: "color",
  contrast: "color",
  flip: "flip",
  translation: "translation",
  cutout: "cutout",
};

/** A case's random numbers as the rows of our parameters. */
function parametersOf(golden: GoldenCase, [cutHeight, cutWidth]: readonly [number, number]): number[] {
  const numbers = (name: string) => Array.from(golden.tensors.get(`input.${name}`)?.data ?? [], Number);
  const [brightness, saturation, contrast] = ["brightness", "saturation", "contrast"].map(numbers);
  const [flip, shift_y, shift_x] = ["flip", "shift_y", "shift_x"].map(numbers);
  const [center_y, center_x] = ["center_y", "center_x"].map(numbers);
  const count = golden.floats("input.x").shape[0]!;
  return Array.from({ length: count }, (_, n) => {
    const given = {
      brightness: brightness![n] === undefined ? undefined : brightness![n] - 0.5,
      saturation: saturation![n] === undefined ? undefined : 2 * saturation![n],
      contrast: contrast![n] === undefined ? undefined : contrast![n] + 0.5,
      flip: flip![n],
      shift_y: shift_y![n],
      shift_x: shift_x![n],
      cut_y: center_y![n] === undefined ? undefined : center_y![n] - Math.floor(cutHeight / 2),
      cut_x: center_x![n] === undefined ? undefined : center_x![n] - Math.floor(cutWidth / 2),
    };
    const names = Object.keys(AUGMENTATION_PARAMETERS) as (keyof typeof given)[];
    return names.map((name) => given[name] ?? AUGMENTATION_PARAMETERS[name]);
  }).flat();
}

/** Augmented images, and the gradient at the images. */
const augment: Run = async (device, golden) => {
  golden.expectNoOthers(["steps", "size_y", "size_x", "formula", "note"]);
  const steps = golden.param("steps") as readonly string[];
  const order = steps.map((step) => Object.keys(STEPS).indexOf(step));
  if (order.some((place, i) => place < 0 || place <= (order[i - 1] ?? -1))) {
    throw new Error(`Steps ${steps.join(", ")} must be of ${Object.keys(STEPS).join(", ")}, in this order`);
  }
  const kinds = AUGMENTATION_KINDS.filter((kind) => steps.some((step) => STEPS[step] === kind));
  const cutout = [golden.number("size_y", 1), golden.number("size_x", 1)] as const;
  const parameters = device.tensor(parametersOf(golden, cutout), {
    shape: [golden.floats("input.x").shape[0]!, Object.keys(AUGMENTATION_PARAMETERS).length],
  });
  return await differentiate(device, golden, {
    orders: { x: IMAGE, y: IMAGE },
    halves: ["x"],
    forward: ({ x }) => ({ y: augmentImages(x!, parameters, { kinds, cutout }) }),
  });
};

/** Augmentations. */
export const augmentations: Readonly<Record<string, Run>> = { augment };

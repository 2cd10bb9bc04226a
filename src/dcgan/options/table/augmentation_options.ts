import { AUGMENTATION_KINDS } from "../../../gpu/mod.ts";
import { number, someOf } from "../option.ts";
import { scheduled } from "../../schedules/scheduled_option.ts";
import type { OptionTable } from "../option_marks.ts";

/** Options of augmentation, with those of training. */
export const augmentationOptions: Pick<OptionTable, "augment" | "augmentProbability" | "augmentTarget"> = {
  augment: {
    ...someOf(AUGMENTATION_KINDS),
    group: "Augmentation",
    value: "kinds",
    summary:
      "augment all images that the discriminator sees, at random: a list with commas of color, flip, " +
      "translation, cutout; for few images",
    default: [],
    overridable: true,
  },
  augmentProbability: {
    ...scheduled(number({ from: 0, to: 1 })),
    group: "Augmentation",
    value: "share",
    summary: "with --augment: the probability of each transformation of an image",
    default: 1,
    overridable: true,
  },
  augmentTarget: {
    ...number({ from: 0, below: 1 }),
    group: "Augmentation",
    value: "mean",
    summary:
      "with --augment: adapt the probability to how sure the discriminator is of real images (ADA), such as " +
      "0.6; 0 is off",
    default: 0,
    overridable: true,
  },
};

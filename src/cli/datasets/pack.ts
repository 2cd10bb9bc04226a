import { labelPath } from "../../../plugins/datasets/sets/npy.ts";
import { invocation } from "../arguments/invocation.ts";
import { shellWord } from "../arguments/shell_word.ts";
import { printable } from "../terminal/printable.ts";
import { counted } from "../terminal/text.ts";
import {
  byName,
  type DatasetCommand,
  openChosen,
  shapeFlags,
  shapeText,
  tellLeftOut,
} from "./shared_flags.ts";

/** `datasets pack`. */
export const packCommand: DatasetCommand = {
  name: "pack",
  description: "write all images of a dataset into one .npy file, for training or NumPy",
  writes: {
    largest: 4096,
    ending: ".npy",
    summary: "file to write, which ends in .npy (default: <name>.npy)",
    fallback: ({ plugin }) => `${plugin.name}.npy`,
    // Packing replaces or removes the labels next to the images too
    besides: labelPath,
  },
  remains: "no file will be written",
  async run(call) {
    const { parsed: { overwrite = false }, size, out, watch, session: { output } } = call;
    const { packDataset } = await import("../../../plugins/datasets/mod.ts");
    await using open = await openChosen(call);
    const paths = await packDataset(open, out, { ...watch, createNew: !overwrite });
    const { length, replaced, shape: [, , channels] } = open;
    const packed = length - (replaced?.size ?? 0);
    tellLeftOut(open, watch);
    const count = packed === length ? "" : `${packed} of `;
    // Two and four channels have alpha, which is composed over white unless it is asked for
    const flags = [...shapeFlags(size, channels % 2 === 0 ? channels : undefined)];
    const train = [`${invocation()} train --data ${shellWord(out)}`, ...flags].join(" ");
    output.files(
      { paths, images: packed, leftOut: byName(open.skipped), warnings: [] },
      `${count}${counted(length, "image")} of ${shapeText(open)}: ${printable(paths.join(", "))}\n` +
        `Train on it: ${train}\n`,
    );
  },
};

import { printable } from "../terminal/printable.ts";
import { counted } from "../terminal/text.ts";
import {
  byName,
  countUpTo,
  type DatasetCommand,
  openChosen,
  shapeText,
  tellLeftOut,
} from "./shared_flags.ts";

/** `datasets preview`. */
export const previewCommand: DatasetCommand = {
  name: "preview",
  description: "draw images of a dataset as one PNG",
  writes: {
    largest: 1024,
    ending: ".png",
    summary: "PNG to write (default: grid.png)",
    fallback: () => "grid.png",
  },
  flag: ["--count <images>", "how many, from first to last in equal steps (default: 64)", countUpTo(4096)],
  async run(call) {
    const { parsed: { count = 64, overwrite = false }, out, watch, session: { output } } = call;
    const { previewDataset, previewIndices } = await import("../../../plugins/datasets/tools/preview.ts");
    await using open = await openChosen(call);
    const png = await previewDataset(open, count, watch);
    await Deno.writeFile(out, png, { createNew: !overwrite }).catch((cause) => {
      throw new Error(`Cannot write ${out}: ${cause.message}`, { cause });
    });
    tellLeftOut(open, watch);
    const drawn = previewIndices(open, count).filter((index) => !open.replaced?.has(index)).length;
    output.files(
      { paths: [out], images: drawn, leftOut: byName(open.skipped), warnings: [] },
      `${drawn} of ${counted(open.length, "image")} of ${shapeText(open)}: ${printable(out)}\n`,
    );
  },
};

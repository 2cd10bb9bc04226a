import { type Command, InvalidArgumentError } from "@commander-js/extra-typings";
import type { ChosenDataset } from "../arguments/dataset_flags.ts";
import { UsageError } from "../errors.ts";
import type { Session } from "../session.ts";
import { counted } from "../terminal/text.ts";
import {
  addDatasetCommand,
  checkNewFile,
  openChosen,
  overwriteFlag,
  tellLeftOut,
  watching,
} from "./shared_flags.ts";

/** Reads a whole number from 1 to a limit. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? NaN : Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
  };
}

/** Adds `datasets preview`. */
export async function addPreviewCommand(
  group: Command,
  session: Session,
  dataset?: ChosenDataset,
): Promise<void> {
  const command = await addDatasetCommand(group, "preview", "draw images of a dataset as one PNG", dataset, [
    "channels",
  ]);
  command
    .option("--size <pixels>", "edge of the images (default: 64)", countUpTo(1024))
    .option("--count <images>", "how many, evenly spaced from first to last (default: 64)", countUpTo(4096))
    .option("--out <path>", "PNG to write (default: grid.png)")
    .option(...overwriteFlag)
    .action(async (_name, parsed) => {
      const { size = 64, count = 64, out = "grid.png", overwrite = false } = parsed;
      if (!/\.png$/i.test(out)) throw new UsageError(`--out must end in .png, found "${out}"`);
      await checkNewFile(out, overwrite);
      const { previewDataset, previewIndices } = await import("../../../plugins/datasets/tools/preview.ts");
      await watching(session, async (watch) => {
        await using open = await openChosen(dataset!, parsed, size, watch);
        const png = await previewDataset(open, count, watch);
        await Deno.writeFile(out, png, { createNew: !overwrite }).catch((cause) => {
          throw new Error(`Cannot write ${out}: ${cause.message}`, { cause });
        });
        tellLeftOut(open, watch);
        const drawn = previewIndices(open, count).filter((index) => !open.replaced?.has(index)).length;
        watch.report(`${drawn} of ${counted(open.length, "image")} of ${open.shape.join("x")}: ${out}`);
      });
    });
}

import type { Command } from "@commander-js/extra-typings";
import { optionProblem } from "../../dcgan/options/config_issue.ts";
import type { ChosenDataset } from "../arguments/dataset_flags.ts";
import { UsageError } from "../errors.ts";
import { invocation } from "../arguments/invocation.ts";
import type { Session } from "../session.ts";
import { shellWord } from "../arguments/shell_word.ts";
import { counted } from "../terminal/text.ts";
import {
  addDatasetCommand,
  checkNewFile,
  openChosen,
  overwriteFlag,
  tellLeftOut,
  watching,
} from "./shared_flags.ts";
import { countUpTo } from "./preview.ts";

/** Adds `datasets pack`. */
export async function addPackCommand(
  group: Command,
  session: Session,
  dataset?: ChosenDataset,
): Promise<void> {
  const command = await addDatasetCommand(
    group,
    "pack",
    "write all images of a dataset into one .npy file, for training or NumPy",
    dataset,
    ["channels"],
  );
  command
    .option("--size <pixels>", "edge of the images (default: 64)", countUpTo(4096))
    .option("--out <path>", "file to write, with the extension .npy (default: <name>.npy)")
    .option(...overwriteFlag)
    .action(async (_name, parsed) => {
      const { plugin } = dataset!;
      const { size = 64, out = `${plugin.name}.npy`, overwrite = false } = parsed;
      if (!/\.npy$/i.test(out)) throw new UsageError(`--out must end in .npy, found "${out}"`);
      await checkNewFile(out, overwrite);
      const { labelPath } = await import("../../../plugins/datasets/sets/npy.ts");
      // Packing replaces or removes the labels next to the images too
      await checkNewFile(labelPath(out), overwrite);
      const { packDataset } = await import("../../../plugins/datasets/mod.ts");
      await watching(session, async (watch) => {
        await using open = await openChosen(dataset!, parsed, size, watch);
        const paths = await packDataset(open, out, watch);
        const { length, replaced, shape } = open;
        const packed = length - (replaced?.size ?? 0);
        tellLeftOut(open, watch);
        const count = packed === length ? "" : `${packed} of `;
        watch.report(`${count}${counted(length, "image")} of ${shape.join("x")}: ${paths.join(", ")}`);
        // Networks have fewer sizes than arrays
        const flag = optionProblem("size", size) === undefined ? ` --size ${size}` : "";
        watch.report(`Train on it: ${invocation()} train --data ${shellWord(out)}${flag}`);
      }, "no file will be written");
    });
}

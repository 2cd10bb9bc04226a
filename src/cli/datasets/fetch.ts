import type { Command } from "@commander-js/extra-typings";
import type { ChosenDataset } from "../arguments/dataset_flags.ts";
import type { Session } from "../session.ts";
import { counted } from "../terminal/text.ts";
import { addDatasetCommand, openChosen, openOptions, watching } from "./shared_flags.ts";

/** Adds `datasets fetch`. */
export async function addFetchCommand(
  group: Command,
  session: Session,
  dataset?: ChosenDataset,
): Promise<void> {
  const command = await addDatasetCommand(
    group,
    "fetch",
    "download a dataset's files, or resume a download",
    dataset,
  );
  command.action(async (_name, parsed) => {
    const { cacheDir, fetchFile } = await import("../../../plugins/datasets/mod.ts");
    const { plugin } = dataset!;
    await watching(session, async (watch) => {
      if (plugin.files === undefined) {
        // Which files it needs is known only once it is opened
        await using open = await openChosen(dataset!, parsed, 32, watch);
        session.terminal.write(`${open.name}: ${counted(open.length, "image")} here\n`);
        return;
      }
      const { mirrors = [], offline = false } = await openOptions(parsed, dataset!);
      for (const file of plugin.files) {
        const folder = cacheDir();
        const place = folder === undefined ? {} : { cacheDir: folder };
        const path = await fetchFile(file, { ...watch, ...place, mirrors, offline });
        session.terminal.write(`${path}\n`);
      }
    }, "keeping what was downloaded");
  });
}

import { counted } from "../terminal/text.ts";
import { type DatasetCommand, openChosen, openOptions } from "./shared_flags.ts";

/** `datasets fetch`. */
export const fetchCommand: DatasetCommand = {
  name: "fetch",
  description: "download a dataset's files, or resume a download",
  remains: "keeping what was downloaded",
  async run(call) {
    const { cacheDir, fetchFile } = await import("../../../plugins/datasets/mod.ts");
    const { dataset, parsed, watch, session: { terminal } } = call;
    const { files } = dataset.plugin;
    if (files === undefined) {
      // Which files it needs is known only once it is opened
      await using open = await openChosen(call);
      terminal.write(`${open.name}: ${counted(open.length, "image")} here\n`);
      return;
    }
    const { mirrors = [], offline = false } = await openOptions(parsed, dataset);
    for (const file of files) {
      const folder = cacheDir();
      const place = folder === undefined ? {} : { cacheDir: folder };
      const path = await fetchFile(file, { ...watch, ...place, mirrors, offline });
      terminal.write(`${path}\n`);
    }
  },
};

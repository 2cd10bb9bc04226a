import { counted } from "../terminal/text.ts";
import { type DatasetCommand, openChosen, openOptions } from "./shared_flags.ts";

/** `datasets fetch`. */
export const fetchCommand: DatasetCommand = {
  name: "fetch",
  description: "download a dataset's files, or resume a download",
  remains: "keeping what was downloaded",
  async run(call) {
    const { cacheDir, fetchFile } = await import("../../../plugins/datasets/mod.ts");
    const { dataset, parsed, watch, session: { output } } = call;
    const { files } = dataset.plugin;
    if (files === undefined) {
      // Which files it needs is known only once it is opened
      await using open = await openChosen(call);
      output.files(
        { paths: [], images: open.length, warnings: [] },
        `${open.name}: ${counted(open.length, "image")} here\n`,
      );
      return;
    }
    const { mirrors = [], offline = false } = await openOptions(parsed, dataset);
    const paths: string[] = [];
    for (const file of files) {
      const folder = cacheDir();
      const place = folder === undefined ? {} : { cacheDir: folder };
      const path = await fetchFile(file, { ...watch, ...place, mirrors, offline });
      paths.push(path);
      // Each as soon as it is there
      if (!output.isJson) watch.report(path);
    }
    output.files({ paths, warnings: [] }, "");
  },
};

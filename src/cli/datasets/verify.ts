import type { FileState } from "../../../plugins/datasets/mod.ts";
import type { DocumentOf } from "../json/documents.ts";
import { counted } from "../terminal/text.ts";
import { Turns } from "../terminal/yield_regularly.ts";
import {
  byName,
  type DatasetCall,
  type DatasetCommand,
  openChosen,
  openOptions,
  shapeText,
} from "./shared_flags.ts";
import type { Watch } from "../terminal/watching.ts";

/** Images that are read at once. */
const BATCH = 64;

/** `datasets verify`. */
export const verifyCommand: DatasetCommand = {
  name: "verify",
  description: "check a dataset: its files, every image, and the plugin contract",
  reads: true,
  async run(call) {
    const found = await verify({ ...call, watch: once(call.watch) });
    // People have read it line by line
    call.session.output.result("dataset-check", found, "");
    if (!found.good) call.session.exitCode = 1;
  },
};

/** Tells everything once: the dataset is opened again and again, and says each time what it passes over. */
function once(watch: Watch): Watch {
  const told = new Set<string>();
  return {
    ...watch,
    report(message) {
      if (told.has(message)) return;
      told.add(message);
      watch.report(message);
    },
  };
}

/** Checks, and reports the results as they come. */
async function verify(call: DatasetCall): Promise<DocumentOf<"dataset-check">> {
  const { dataset, parsed, size, watch } = call;
  const { cacheDir, verifyFiles } = await import("../../../plugins/datasets/mod.ts");
  const { checkDataset } = await import("../../../plugins/datasets/testing.ts");
  const options = await openOptions(parsed, dataset);
  const checked = { name: dataset.plugin.name, files: [] as FileState[], checks: [] as string[] };
  if (options.data === undefined && dataset.data === undefined) {
    const files = await verifyFiles(dataset.plugin, cacheDir());
    checked.files = files;
    for (const { path, state, problem } of files) {
      watch.report(`${state}: ${path}${problem ? ` ${problem}` : ""}`);
    }
    const wrong = files.filter(({ state }) => state !== "good").length;
    if (wrong > 0) {
      watch.report(`FAILED: missing or damaged files: ${wrong} of ${files.length}`);
      return { ...checked, good: false, files: files.map(stateOf), leftOut: [] };
    }
  }
  await checkDataset(
    dataset.specifier,
    { size, ...options, ...watch },
    (check) => {
      checked.checks.push(check);
      watch.report(`good: ${check}`);
    },
  );
  await using open = await openChosen(call);
  const { length, shape, name } = open;
  const all = `${counted(length, "image")} of ${shapeText(open)}`;
  const images = new Uint8Array(Math.min(BATCH, length) * shape.reduce((a, b) => a * b));
  const turns = new Turns(watch.signal);
  for (let first = 0; first < length; first += BATCH) {
    const count = Math.min(BATCH, length - first);
    const indices = Array.from({ length: count }, (_, i) => first + i);
    await turns.give();
    await open.read(indices, images.subarray(0, count * shape.reduce((a, b) => a * b)), watch.signal);
    for (const { at } of Object.values(open.labels)) {
      for (const index of indices) at(index);
      await turns.give();
    }
    watch.progress({ what: name, done: first + count, total: length, unit: "images" });
  }
  const leftOut = byName(open.skipped);
  const result = { ...checked, files: checked.files.map(stateOf), images: length, leftOut };
  for (const skipped of leftOut) watch.report(`left out: ${skipped.name} (${skipped.reason})`);
  const broken = open.skipped.length;
  if (broken === 0) {
    watch.report(`good: all ${all}`);
    return { ...result, good: true };
  }
  watch.report(`good: ${length - broken} of ${all}`);
  watch.report(`FAILED: ${broken} of ${counted(length, "image")} cannot be used`);
  return { ...result, good: false };
}

/** The state of a file, without what was known of it before. */
export function stateOf({ path, state, problem }: FileState): DocumentOf<"dataset-check">["files"][number] {
  return { path, state, ...(problem === undefined ? {} : { problem }) };
}

import type { Command } from "@commander-js/extra-typings";
import type { ChosenDataset } from "../dataset_flags.ts";
import type { Session } from "../session.ts";
import { Turns } from "../turns.ts";
import { addDatasetCommand, openChosen, openOptions, type Watch, watching } from "./opening.ts";

/** Images that are read at once. */
const BATCH = 64;

/** Adds `datasets verify`. */
export async function addVerifyCommand(
  group: Command,
  session: Session,
  dataset?: ChosenDataset,
): Promise<void> {
  const command = await addDatasetCommand(
    group,
    "verify",
    "check a dataset: its files, every image, and that it keeps to the contract",
    dataset,
  );
  command.action(async (_name, parsed) => {
    await watching(session, async (watch) => {
      session.exitCode = await verify(dataset!, parsed, watch);
    });
  });
}

/** Checks, tells what was found, and returns the exit code. */
async function verify(
  dataset: ChosenDataset,
  parsed: Readonly<Record<string, unknown>>,
  watch: Watch,
): Promise<number> {
  const { cacheDir, verifyFiles } = await import("../../../plugins/datasets/mod.ts");
  const { checkDataset } = await import("../../../plugins/datasets/testing.ts");
  const options = await openOptions(parsed, dataset);
  if (options.data === undefined && dataset.data === undefined) {
    const files = await verifyFiles(dataset.plugin, cacheDir());
    for (const { path, state, problem } of files) {
      watch.report(`${state}: ${path}${problem ? ` ${problem}` : ""}`);
    }
    if (files.some(({ state }) => state !== "good")) return 1;
  }
  await checkDataset(
    dataset.specifier,
    { size: 32, ...options, ...watch },
    (check) => watch.report(`good: ${check}`),
  );
  await using open = await openChosen(dataset, parsed, 32, watch);
  const { length, shape, name } = open;
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
  for (const skipped of open.skipped) watch.report(`left out: ${skipped.name} (${skipped.reason})`);
  watch.report(`good: all ${length - open.skipped.length} images`);
  return open.skipped.length === 0 ? 0 : 1;
}

/**
 * `deno task golden:runtimes DIR`: PyTorch's golden cases in Deno, Node, Bun, Chromium and Firefox, one after the other.
 *
 * @module
 */
import "../../../src/host/on_native.ts";
import { resolve } from "node:path";
import { findBrowser } from "../../../scripts/runtimes/browsers.ts";
import { folderOnDisk, readManifest } from "../manifest.ts";
import { quickCases } from "./choose_cases.ts";
import type { Line } from "./golden_run.ts";
import { parseRuntimesOptions } from "./options.ts";
import { openRuntime, type RuntimeName } from "./runtimes.ts";
import { equalSamples, onEqualAdapters, type Standing, standingOf, standingsTable } from "./standing.ts";

/** Chromium's driver that computes on the processor: the only one that all runtimes run on. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

const { folder, only, quick, installed, ownDriver } = parseRuntimesOptions(Deno.args);
const path = resolve(folder);
const { cases } = await readManifest(folderOnDisk(path));
const ids = (quick ? quickCases(cases) : cases).map(({ id }) => id);
const env = ownDriver ? {} : { VK_ICD_FILENAMES: SWIFTSHADER };
const standings: Standing[] = [];
let failed = 0;

/** Runs cases in one runtime, and says how it goes. */
async function stand(name: RuntimeName): Promise<Standing> {
  const start = performance.now();
  const heard: Line[] = [];
  let about = { runtime: name as string, engine: "none" };
  try {
    const { title, engine, run } = await openRuntime(name);
    about = { runtime: title, engine };
    console.log(`${title}: ${ids.length} cases`);
    for await (const line of run({ path, ids }, env)) heard.push(line);
  } catch (error) {
    heard.push({ type: "error", message: error instanceof Error ? error.message : String(error) });
  }
  return standingOf({ ...about, seconds: (performance.now() - start) / 1000 }, ids, heard);
}

if (!ownDriver && !await Deno.stat(SWIFTSHADER).then(() => true, () => false)) {
  console.error(`error: there is no ${SWIFTSHADER}: install Chromium, or give --own-driver`);
  Deno.exit(1);
}
for (const name of only) {
  if (installed && (name === "chromium" || name === "firefox") && findBrowser(name) === undefined) {
    console.log(`${name} is left out: this machine has none`);
    continue;
  }
  const standing = await stand(name);
  for (const problem of standing.problems) console.log(`FAIL ${problem}`);
  failed += standing.problems.length;
  const [first = standing] = standings;
  if (onEqualAdapters(standing, first) && !equalSamples(standing, first)) {
    failed++;
    console.log(`FAIL samples: they must be those of ${first.runtime}, since the driver is the same`);
  }
  standings.push(standing);
}
console.log(`\n${standingsTable(standings)}\n`);
console.log(`${standings.reduce((sum, { passed }) => sum + passed, 0)} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);

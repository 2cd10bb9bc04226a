/**
 * `deno task bench:browser`: training and sampling in Chromium, beside Deno on the same driver, and TensorFlow.js in the
 * same tab.
 */
import "../../src/host/on_native.ts";
import { bundle } from "../../scripts/runtimes/bundle.ts";
import { browserVersion, findBrowser } from "../../scripts/runtimes/browsers.ts";
import { BrowserPage } from "../../scripts/runtimes/page.ts";
import { sidesOf } from "../../src/pictures/mod.ts";
import { type Contender, OURS } from "../peers/contenders.ts";
import type { Problem } from "../peers/problem.ts";
import { type Race, race } from "../peers/race.ts";
import { raceTable } from "../peers/tables.ts";
import { Worker } from "../peers/worker.ts";
import { SAMPLING_BATCH, workloadNamed } from "../workloads.ts";
import { parseBrowserBenchOptions } from "./options.ts";
import { shareTable } from "./share_table.ts";
import { TabRacer } from "./tab_racer.ts";

/** Chromium's driver, for Deno. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** As root, Chromium gives the process that computes a higher priority: on a busy machine that would be half of the race. */
const WITHOUT_PRIORITY = ["setpriv", "--bounding-set=-sys_nice"];

/** How races within the tab are called. */
const ONE_TAB = ", one tab";

/** Turns of TensorFlow.js at most: a step of it takes seconds. */
const MOST_SLOW_ROUNDS = 5;

const { json, rounds, seconds, alone } = parseBrowserBenchOptions(Deno.args);
const chromium = findBrowser("chromium");
if (chromium === undefined) {
  console.error("error: this machine has no Chromium");
  Deno.exit(1);
}
const { channels, ngf, ndf, latent, batch, seed, size } = workloadNamed("S").config;
const problem: Problem = {
  size: sidesOf(size).width,
  channels,
  ngf,
  ndf,
  latent,
  batch,
  seed,
  sampled: SAMPLING_BATCH,
  firstLayer: "transposed",
  upsampling: "transposed",
};
const inTab: Contender = { ...OURS, name: "@x/dcgan in Chromium", program: "../browser/page.ts" };
const tensorflow: Contender = { ...inTab, name: "TensorFlow.js webgpu in the same tab" };

/** Where the page finds TensorFlow.js, bundled with the configuration of the peers. */
async function filesForPage(stack: AsyncDisposableStack): Promise<string> {
  const folder = stack.adopt(
    await Deno.makeTempDir({ prefix: "x-dcgan-bench-" }),
    (path) => Deno.remove(path, { recursive: true }),
  );
  const [entry, config] = ["../peers/contestants/tensorflow_in_page.ts", "../peers/deno.json"]
    .map((path) => new URL(path, import.meta.url)) as [URL, URL];
  await Deno.writeTextFile(`${folder}/tensorflow.js`, await bundle(entry, { config }));
  return folder;
}

await using stack = new AsyncDisposableStack();
const page = stack.use(
  await BrowserPage.open("chromium", {
    bundle: await bundle(new URL("./page.ts", import.meta.url)),
    by: Deno.uid() === 0 ? WITHOUT_PRIORITY : [],
    ...(alone ? {} : { files: await filesForPage(stack) }),
  }),
);
const deno = stack.use(
  new Worker({ ...OURS, name: "@x/dcgan in Deno" }, { problem, env: { VK_ICD_FILENAMES: SWIFTSHADER } }),
);
const tab = new TabRacer(page, "ours", inTab, problem);
const slow = new TabRacer(page, "tensorflow", tensorflow, problem);
const racers = [deno, tab, ...(alone ? [] : [slow])];
for (const racer of racers) {
  console.error(`First step: ${racer.contender.name}`);
  await racer.ask("train", 1);
  await racer.ask("inspect");
  // Nobody is fast by doing something else
  racer.inspection.compare(deno.inspection);
}
const races: Race[] = [];
for (
  const [what, command, images] of [["training", "train", batch], [
    "sampling",
    "sample",
    SAMPLING_BATCH,
  ]] as const
) {
  console.error(`S ${what}, ${rounds} rounds`);
  const options = { name: `S ${what}`, command, images, seconds };
  races.push(await race([deno, tab], { ...options, rounds }));
  if (alone) continue;
  // In this race ours is the one in the tab
  const ours = { contender: { ...OURS, name: inTab.name }, ask: tab.ask.bind(tab) };
  races.push(
    await race([ours, slow], {
      ...options,
      name: `S ${what}${ONE_TAB}`,
      rounds: Math.min(rounds, MOST_SLOW_ROUNDS),
    }),
  );
}
if (json) console.log(JSON.stringify(races, undefined, 2));
else {
  console.log(
    `Chromium ${await browserVersion(chromium)}, Deno ${Deno.version.deno}, SwiftShader, ` +
      `${navigator.hardwareConcurrency} processors, medians of rounds in turns\n`,
  );
  for (const race of races) console.log(race.name.endsWith(ONE_TAB) ? raceTable(race) : shareTable(race));
}

import { assert, assertEquals, assertRejects } from "@std/assert";
import { layerWork, stepWork } from "../../../bench/work.ts";
import type { LayerRow } from "../../../src/dcgan/networks/layer_table.ts";
import { parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { type DryRun, dryRun } from "../../../src/dcgan/run/dry_run.ts";
import { train } from "../../../src/dcgan/train.ts";
import { sha256 } from "../../../src/files/sha256.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { heldBytes, makeTrainer, tiny, trainTiny, withFolder } from "../tiny.ts";

const brief = (rows: readonly LayerRow[]) =>
  rows.map(({ name, kind, output, parameters }) => `${name} ${kind} ${output.join("x")} ${parameters}`);

const totals = (rows: readonly LayerRow[]) => rows.reduce((sum, { flop }) => sum + flop, 0);

const dryRuns = new Map<string, Promise<DryRun>>();

/** What a dry run finds, which times steps for seconds: so once for the same options. */
function foundBy(device: Device, options: TrainOptions): Promise<DryRun> {
  const key = JSON.stringify(options);
  return dryRuns.getOrInsertComputed(key, () => dryRunOf(device, options));
}

/** A dry run. It must give all memory back. */
async function dryRunOf(device: Device, options: TrainOptions): Promise<DryRun> {
  const before = heldBytes(device);
  const found = await dryRun(device, { ...tiny, ...options });
  assertEquals(heldBytes(device), before);
  return found;
}

gpuTest("dryRun() lists the layers of both networks with shapes and parameters", async (device) => {
  const { layers } = await foundBy(device, { preset: "pytorch" });
  assertEquals(brief(layers.generator), [
    "main.0 ConvTranspose2d 4x4x8 1024",
    "main.1 BatchNorm2d 4x4x8 16",
    "main.3 ConvTranspose2d 8x8x4 512",
    "main.4 BatchNorm2d 8x8x4 8",
    "main.6 ConvTranspose2d 16x16x3 192",
  ]);
  assertEquals(brief(layers.discriminator), [
    "main.0 Conv2d 8x8x4 192",
    "main.2 Conv2d 4x4x8 512",
    "main.3 BatchNorm2d 4x4x8 16",
    "main.5 Conv2d 1x1x1 128",
  ]);
  const { layers: told, config } = await foundBy(device, { preset: "pytorch", conditional: "glasses" });
  const classes = config.classes!.length;
  assertEquals(brief(told.generator)[0], `embed Embedding 50 ${classes * 50}`);
  assertEquals(brief(told.discriminator).slice(-2), [`embed Embedding 8 ${classes * 8}`, "fc Linear 1 9"]);
  const { layers: other } = await foundBy(device, { upsampling: "nearest", firstLayer: "project", pack: 2 });
  assertEquals(brief(other.generator), [
    "project Linear 4x4x16 2048",
    "bn0 BatchNorm2d 4x4x16 32",
    "conv1 Conv2d 8x8x8 1152",
    "bn1 BatchNorm2d 8x8x8 16",
    "conv2 Conv2d 16x16x4 288",
    "bn2 BatchNorm2d 16x16x4 8",
    "conv3 Conv2d 16x16x3 111",
  ]);
  assertEquals(brief(other.discriminator).slice(0, 1), ["conv1 Conv2d 8x8x4 388"]);
});

gpuTest("dryRun() counts the operations of layers, and of a step as its kernels do", async (device) => {
  const found = await foundBy(device, { preset: "pytorch" });
  const architecture = resolveConfig(tiny);
  const work = layerWork(architecture);
  const flop = (multiplyAdds: readonly number[]) => 2 * multiplyAdds.reduce((sum, one) => sum + one, 0);
  assertEquals(totals(found.layers.generator), flop(work.generator));
  assertEquals(totals(found.layers.discriminator), flop(work.discriminator));
  assertEquals(found.flop, tiny.batch * stepWork(architecture).training);
  const penalized = await foundBy(device, { preset: "pytorch", dNorm: "none", r1: 1 });
  assert(penalized.flop > found.flop);
});

gpuTest(
  "dryRun() measures the memory of a trainer, says what the run would be, and writes nothing",
  async (device) => {
    device.trim();
    const before = device.ledger.read().bytes;
    using trainer = makeTrainer(device);
    const bytes = device.ledger.read().bytes - before;
    const found = await withFolder(async (folder) => {
      const found = await dryRunOf(device, { out: `${folder}/run` });
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
      return found;
    });
    assertEquals(found.gpuBytes, bytes);
    const { temporaryBytes, imageBytes } = trainer.program.stats;
    assertEquals(found.temporaryBytes, temporaryBytes + imageBytes);
    assert(found.secondsPerStep > 0);
    assertEquals([found.images, found.config.size, found.config.data], [100_000, 16, "faces"]);
  },
);

/** Path, time of writing and checksum of all that is in a folder. */
async function stateOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    const { mtime } = await Deno.stat(path);
    found.push(`${path} ${mtime?.getTime()} ${isDirectory ? "" : await sha256([await Deno.readFile(path)])}`);
    if (isDirectory) found.push(...await stateOf(path));
  }
  return found.sort();
}

gpuTest("dryRun() says what becomes of a resumed run, and leaves its folder as it is", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { steps: 4, checkpointEvery: 2, out, learningRate: 1e-4 });
    // What a resumed run would repair and remove
    await Deno.writeTextFile(`${out}/metrics.jsonl`, "noise\n", { append: true });
    await Deno.writeTextFile(`${out}/config.json.0123abcd.tmp`, "{");
    const state = await stateOf(folder);
    const held = heldBytes(device);

    const warnings: string[] = [];
    const longer = await dryRun(device, { resume: out, more: 6 }, (event) => {
      if (event.type === "warning") warnings.push(event.message);
    });
    assertEquals(warnings, []);
    assertEquals(longer.resumed, {
      run: out,
      step: 4,
      changes: [{ option: "steps", from: 4, to: 10 }],
      setAside: [],
    });
    assertEquals([longer.config.steps, longer.config.learningRate, longer.images], [10, 1e-4, 100_000]);
    assertEquals(brief(longer.layers.generator)[0], "main.0 ConvTranspose2d 4x4x8 1024");
    assert(longer.secondsPerStep > 0 && longer.gpuBytes > 0);

    const other = { resume: out, step: 2, steps: 8, override: true, batch: 8, keep: 2 } as const;
    const changed = await dryRun(device, other);
    assertEquals(changed.resumed?.changes, [
      { option: "batch", from: 4, to: 8 },
      { option: "steps", from: 4, to: 8 },
      { option: "keep", from: 5, to: 2 },
    ]);
    assertEquals([changed.resumed?.step, changed.resumed?.setAside], [2, [4]]);
    assertEquals(changed.config.changes, [{ step: 2, option: "batch", from: 4, to: 8 }]);

    // What a run that is resumed refuses is refused here as well
    const refused: [TrainOptions, string][] = [
      [{ resume: out }, `"steps" must be more than the 4 that`],
      [{ resume: out, more: 1, ngf: 8 }, `"ngf" cannot change in a resumed run`],
      [{ resume: out, more: 1, dataOptions: { seed: 5 }, override: true, step: 3 }, `"step" must be that of`],
    ];
    for (const [options, message] of refused) {
      await assertRejects(() => dryRun(device, options), ConfigError, message);
    }
    assertEquals(await stateOf(folder), state);
    assertEquals(heldBytes(device), held);

    // It told the truth: the run is resumed with the same config
    await Array.fromAsync(train(device, other));
    const { kernels: _, ...config } = parseConfig(await Deno.readTextFile(`${out}/config.json`));
    assertEquals(config, changed.config);
  });
});

import { assert, assertEquals } from "@std/assert";
import { openDataset } from "../../../../../plugins/datasets/mod.ts";
import { openBatches } from "../../../../../src/dcgan/batches/open_batches.ts";
import type { TrainOptions } from "../../../../../src/dcgan/options/options.ts";
import { RunFolder } from "../../../../../src/dcgan/run/folder/run_folder.ts";
import { Trainer } from "../../../../../src/dcgan/trainer.ts";
import { applyWeights } from "../../../../../src/dcgan/weights/apply_weights.ts";
import { readStartingWeights } from "../../../../../src/dcgan/weights/starting_weights.ts";
import { stateDict } from "../../../../../src/nn/mod.ts";
import { sharedDevice } from "../../../../support/gpu.ts";
import { withFolder } from "../../../../support/temp_folder.ts";
import { tiny } from "../../../tiny.ts";
import { pythonTest } from "../python.ts";
import { freePort, runAlone, runTogether, unusedNames } from "./processes.ts";
import { drift, packFaces, PART, scripted, written } from "./scripted.ts";

/** Arguments of a script that goes on for one part. */
function continuing(folder: string, out: string, ...more: readonly string[]): string[] {
  const script = `${folder}/torch/train_ddp.py`;
  const data = ["--data", `${folder}/faces.npy`, "--workers", "0", "--steps", `${2 * PART}`];
  return [script, ...data, "--out", `${folder}/${out}`, ...more];
}

/** Runs of each kind, and how far the script's may be from them after a part. */
const RECIPES: Readonly<Record<string, { options: TrainOptions; most: number; processes: number[] }>> = {
  "PyTorch's example": { options: { preset: "pytorch" }, most: 1e-5, processes: [1, 2] },
  modern: { options: { preset: "modern" }, most: 2e-5, processes: [1, 2] },
  "several updates of micro-batches": {
    options: {
      dSteps: 2,
      gSteps: 2,
      accumulate: 2,
      flip: true,
      labelSmoothing: 0.1,
      labelFlip: 0.2,
      instanceNoise: { from: 0.2, to: 0 },
      clip: 0.5,
      optimizer: "adamw",
      weightDecay: 0.01,
      schedule: "linear",
      warmup: 6,
      ema: { from: 0.5, to: 0.9 },
    },
    // A decay of some parts in a million of a weight is rounded with it: 1e-5 from this alone
    most: 3e-4,
    processes: [2],
  },
  "WGAN-GP, spectral norm, packs and ADA": {
    options: {
      loss: "wasserstein",
      dNorm: "spectral",
      gradientPenalty: { from: 10, to: 1, shape: "linear" },
      penaltyEvery: 3,
      dSteps: 2,
      pack: 2,
      latentDistribution: "uniform",
      augment: ["color", "flip", "translation", "cutout"],
      augmentTarget: 0.6,
      firstLayer: "project",
    },
    most: 2e-5,
    processes: [2],
  },
  "classes and hinge": {
    options: {
      conditional: "glasses",
      loss: "hinge",
      dNorm: "none",
      r1: { from: 2, to: 1 },
      penaltyEvery: 2,
      schedule: "cosine",
      augment: ["color", "cutout"],
      augmentProbability: { from: 0, to: 0.8 },
      ema: 0.9,
    },
    most: 2e-5,
    processes: [2],
  },
  "minimax": {
    options: { loss: "minimax", accumulate: 2, upsampling: "nearest" },
    most: 1e-5,
    processes: [2],
  },
  "images with alpha that are not square": {
    options: { size: "28x20", channels: 2, augment: ["cutout", "color", "translation"], instanceNoise: 0.1 },
    most: 2e-5,
    processes: [2],
  },
  "shards": {
    options: { shards: 4, pack: 2, labelFlip: 0.3, augment: ["flip", "translation"], instanceNoise: 0.1 },
    most: 2e-5,
    processes: [2],
  },
  "least squares": { options: { loss: "least-squares", dNorm: "none", r2: 1 }, most: 2e-5, processes: [1] },
};

for (const [name, { options, most, processes }] of Object.entries(RECIPES)) {
  pythonTest(`train_ddp.py goes on as the run did: ${name}, processes: ${processes.join(", ")}`, async () => {
    const device = await sharedDevice();
    await withFolder(async (folder) => {
      await scripted(device, folder, { ...options, steps: 2 * PART });
      assertEquals(await unusedNames(`${folder}/torch/train_ddp.py`), "");
      await packFaces(`${folder}/faces.npy`, options);
      for (const count of processes) {
        const { success, output, errors } = await runTogether(count, continuing(folder, `${count}`), folder);
        assert(success, errors);
        assert(
          output.startsWith(`Steps ${PART + 1} to ${2 * PART} on 20 pictures, ${count} x cpu\n`),
          output,
        );
        const { ema = options.preset === "modern" } = options;
        const found = await drift(folder, await written(`${folder}/${count}`, !!ema), 2);
        assert(found < most, `${count} processes: ${found}`);
      }
    });
  });
}

pythonTest("train_ddp.py runs in processes that PyTorch's launcher starts", async () => {
  const device = await sharedDevice();
  await withFolder(async (folder) => {
    await scripted(device, folder, { steps: 2 * PART });
    await packFaces(`${folder}/faces.npy`);
    const { success, output, errors } = await runAlone([
      "-m",
      "torch.distributed.run",
      // Without these the launcher of PyTorch 1.13 fails in Python 3.11
      ...["--redirects", "1", "--tee", "1"],
      ...["--nproc_per_node", "2", "--master_port", `${freePort()}`],
      ...continuing(folder, "launched"),
    ], folder);
    assert(success, errors);
    assert(output.includes("2 x cpu"), output);
    assert(await drift(folder, await written(`${folder}/launched`), 2) < 1e-5);
  });
});

pythonTest("what train_ddp.py wrote goes on here, with the states of its optimizers", async () => {
  const device = await sharedDevice();
  await withFolder(async (folder) => {
    // Spectral norm has PyTorch count the bias of a layer before its weight
    await scripted(device, folder, { dNorm: "spectral", latentDistribution: "uniform" });
    await packFaces(`${folder}/faces.npy`);
    const { success, errors } = await runTogether(2, continuing(folder, "out"), folder);
    assert(success, errors);

    const weights = await readStartingWeights(`${folder}/out/state.pt`);
    assertEquals([weights.warnings, weights.latentDistribution], [[], "uniform"]);
    const { generator, discriminator } = weights;
    assertEquals([generator, discriminator].map((one) => one?.optimizer?.step), [2 * PART, 2 * PART]);

    const config = await RunFolder.at(`${folder}/run`).readConfig();
    await using dataset = await openDataset("faces", { size: tiny.size, options: { length: 20 } });
    using batches = openBatches(device, dataset, config);
    using trainer = new Trainer(device, config, batches);
    applyWeights(weights, trainer, config);
    trainer.state().get("counter")!.set([2 * PART]);
    trainer.continueFrom(2 * PART);
    for (let i = 0; i < PART; i++) await trainer.next();
    await trainer.metrics();

    const [g, d] = await Promise.all([trainer.generator, trainer.discriminator].map((one) => stateDict(one)));
    const found = await drift(folder, { generator: g!, discriminator: d! }, 3);
    assert(found < 1e-5, `${found}`);
  });
});

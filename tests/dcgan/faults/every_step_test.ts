/** Runs that are resumed from each of their steps: to the same bytes as if they had never ended, whatever their options. */
import { assert, assertEquals } from "@std/assert";
import { isLogistic, LOSSES } from "../../../src/dcgan/options/losses.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { isLong, spread } from "../../support/long_tests.ts";
import { pairwise } from "../../support/pairs.ts";
import { cheapScores } from "../cheap_scores.ts";
import { copy, trainAll, treeOf } from "../run_trees.ts";
import { tiny, withFolder } from "../tiny.ts";

/** Steps of a run. It has a checkpoint after each. */
const STEPS = isLong ? 200 : 12;

/** Steps that a run is resumed from, where it is not resumed from all. */
const MOST = 2;

/** Choices of options, of those in which each two values of options meet. */
const CHOICES = 6;

/** Steps that are done again. */
const AGAIN = 2;

const values = {
  loss: LOSSES,
  dNorm: ["batch", "none"],
  gNorm: ["batch", "none"],
  latentDistribution: ["normal", "uniform"],
  firstLayer: ["transposed", "project"],
  upsampling: ["transposed", "nearest"],
  // Packs are of images of several classes, which conditional networks cannot be told
  networks: [{ conditional: "glasses" }, {}, { pack: 2 }],
  dSteps: [1, 2],
  accumulate: [1, 2],
  flip: [false, true],
  augment: [[], ["color", "flip", "translation", "cutout"]],
  ema: [0, 0.9],
  instanceNoise: [0, 0.2, { from: 0.2, to: 0, steps: 5, shape: "linear" }, { from: 0, to: 0.1 }],
  schedule: ["constant", "cosine"],
  optimizer: ["adam", "adamw"],
  gpuDataMemory: [0, 1024],
} as const;

/** Networks of another shape. */
const SHAPED = { size: "16x12", base: 3, kernel: 5, maxMaps: tiny.ngf, channels: 4 } as const;

/** Files of a step's checkpoint. */
const FILES = [
  "generator",
  "discriminator",
  "training",
  "generator_ema",
  "generator_ema_0.05",
  "generator_ema_0.10",
].map((name) => `${name}.safetensors`);

function folderOf(step: number): string {
  return `checkpoints/step-${`${step}`.padStart(6, "0")}`;
}

/** A run as a kill leaves it right after it has named the checkpoint of a step, and done more than that. */
async function leaveAt(whole: string, step: number, run: string): Promise<void> {
  await Deno.mkdir(`${run}/checkpoints`, { recursive: true });
  await Deno.mkdir(`${run}/samples`);
  for (const name of ["config.json", "metrics.jsonl", "scores.jsonl"]) {
    await Deno.copyFile(`${whole}/${name}`, `${run}/${name}`);
  }
  await copy(`${whole}/${folderOf(step)}`, `${run}/${folderOf(step)}`);
}

/** The lines of a file of a run that are of steps up to the last one. */
function linesTo(text: string, last: number): string {
  return text.trimEnd().split("\n").filter((line) => line !== "" && JSON.parse(line).step <= last).map((
    line,
  ) => `${line}\n`)
    .join("");
}

/** Resumes a run until it has the checkpoint of a step. */
async function resumeTo(device: Device, run: string, last: number, what: string): Promise<void> {
  for await (const event of train(device, { resume: run, report: false })) {
    assert(event.type !== "warning", `${what}: ${event.type === "warning" ? event.message : ""}`);
    if (event.type === "checkpoint" && event.step === last) return;
  }
}

async function checkEveryStep(
  device: Device,
  folder: string,
  given: TrainOptions,
  what: string,
): Promise<number> {
  const options = { ...tiny, ...given, dataOptions: { length: 21 }, samples: 1, sampleEvery: 0, logEvery: 0 };
  using _scores = cheapScores(options);
  const [whole, run] = [`${folder}/whole`, `${folder}/run`];
  const often = { checkpointEvery: 1, keep: "all", scoreEvery: 3, steps: STEPS } as const;
  const { warnings, error } = await trainAll(device, { ...options, ...often, out: whole });
  assertEquals([warnings, error], [[], undefined], what);
  const expected = await treeOf(whole);
  const steps = spread(Array.from({ length: STEPS - 1 }, (_, i) => i + 1), MOST, `steps: ${what}`);
  for (const step of steps) {
    const last = Math.min(step + AGAIN, STEPS);
    await leaveAt(whole, step, run);
    await resumeTo(device, run, last, `${what}, step ${step}`);
    const found = await treeOf(run);
    for (let again = step + 1; again <= last; again++) {
      for (const name of FILES.map((file) => `${folderOf(again)}/${file}`)) {
        assert(found.get(name) === expected.get(name), `${what}: ${name} differs, resumed from step ${step}`);
      }
      const name = `averages/step-${`${again}`.padStart(6, "0")}.safetensors`;
      assert(found.get(name) === expected.get(name), `${what}: ${name} differs, resumed from step ${step}`);
    }
    assertEquals(found.get("metrics.jsonl"), linesTo(expected.get("metrics.jsonl")!, last), what);
    // The score of the last step comes after its checkpoint
    const scored = linesTo(expected.get("scores.jsonl")!, last - 1);
    const kept = linesTo(found.get("scores.jsonl")!, last - 1);
    assertEquals(kept, scored, `${what}: scores, resumed from step ${step}`);
    await Deno.remove(run, { recursive: true });
  }
  await Deno.remove(whole, { recursive: true });
  return steps.length;
}

gpuTest("train() resumes from any step to the same bytes, whatever the options", async (device) => {
  const precision = device.capabilities.f16 ? ["f32", "f16"] as const : ["f32"] as const;
  // Each has kernels of its own, which take longer to compile than to run
  const choices = spread([...pairwise({ ...values, precision })], CHOICES, "choices of options");
  console.log(`runs of ${STEPS} steps${isLong ? "" : " (DCGAN_LONG_TESTS=1: of 200)"}`);
  let resumed = 0;
  for (const { networks, ...choice } of choices) {
    const what = [...Object.values(choice), networks].map((value) => JSON.stringify(value)).join(" ");
    // Smoothed labels go with some losses only, penalties with some networks, and spectral norm with f32: they are no
    // choices of their own
    const penalized = choice.dNorm === "none" && choice.precision === "f32";
    const given = {
      ...choice,
      ...networks,
      ...(penalized && choice.gpuDataMemory === 0 ? { dNorm: "spectral" as const } : {}),
      // The shapes of networks go with everything
      ...(choice.latentDistribution === "uniform" ? SHAPED : {}),
      // With either schedule, and with either optimizer, some runs have these
      warmup: choice.flip ? 4 : 0,
      ...(choice.ema > 0 ? { dLearningRate: 4e-4, emaSnapshots: STEPS / 2 } : {}),
      weightDecay: choice.optimizer === "adamw" ? 1 : choice.flip ? 0.1 : 0,
      clip: choice.gpuDataMemory > 0 ? 0.1 : 0,
      gSteps: "pack" in networks || "conditional" in networks ? 2 : 1,
      ...(isLogistic(choice.loss) ? choice.flip ? { labelSmoothing: 0.1 } : { labelFlip: 0.2 } : {}),
      // Values with schedules of their own where learning rates have one
      ...(choice.schedule === "cosine" ? { beta2: { from: 0.5, to: 0.99, steps: 8 } } : {}),
      ...(choice.schedule === "cosine" && choice.ema > 0 ? { ema: { from: 0, to: 0.9 } } : {}),
      ...(penalized
        ? {
          r1: choice.schedule === "cosine" ? { from: 9, to: 1, steps: 5 } : 1,
          r2: 0.5,
          ...(choice.flip
            ? {
              gradientPenalty: choice.schedule === "cosine" ? { from: 5, to: 1, steps: 7 } : 5,
              penaltyEvery: 3,
            }
            : {}),
        }
        : {}),
      // Given where images are not flipped, and adapted elsewhere
      augmentProbability: choice.augment.length > 0 && !choice.flip ? { from: 0.9, to: 0.3, steps: 9 } : 1,
      augmentTarget: choice.augment.length > 0 && choice.flip ? 0.3 : 0,
    };
    await withFolder(async (folder) => void (resumed += await checkEveryStep(device, folder, given, what)));
  }
  console.log(`resumed ${resumed} times, with ${choices.length} choices of options`);
});

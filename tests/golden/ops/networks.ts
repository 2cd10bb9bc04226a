import { type Device, type ProgramInput, sigmoid, type Tensor } from "../../../src/gpu/mod.ts";
import type { Architecture } from "../../../src/dcgan/networks/architecture.ts";
import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { inferGenerator } from "../../../src/dcgan/networks/infer_architecture.ts";
import type { LossOptions } from "../../../src/dcgan/adversarial_loss.ts";
import {
  type StepResults,
  trainingStep,
  type TrainingStepOptions,
} from "../../../src/dcgan/training_step.ts";
import { nameNumbers, type StepNumbers } from "../../../src/dcgan/numbers/step_numbers.ts";
import { type OptimizerConfig, Optimizers } from "../../../src/dcgan/optimizers/optimizers.ts";
import { MovingAverage } from "../../../src/nn/averages/moving_average.ts";
import { Network } from "../../../src/nn/network.ts";
import type { TensorData } from "../../../src/files/safetensors.ts";
import { gradientDict, loadStateDict, stateDict } from "../../../src/nn/weights/state_dict.ts";
import { floatsOf, type GoldenCase, type Results } from "../golden_case.ts";
import { IMAGE, inverse, permute } from "../layout.ts";
import { stepBatches } from "./step_batches.ts";
import type { Run } from "./differentiate.ts";

/** The tensors of a state dict, their prefix taken off. */
function dictOf(golden: GoldenCase, prefix: string): Map<string, TensorData> {
  return new Map(golden.names(prefix).map((name) => [name, golden.tensors.get(prefix + name)!]));
}

/** The same under a prefix, as results. */
function prefixed(prefix: string, tensors: ReadonlyMap<string, TensorData>): Results {
  return new Map([...tensors].map(([name, tensor]) => [prefix + name, tensor]));
}

/**
 * What the networks are, from what the tensors are called and how large they are: PyTorch's example keeps its layers in
 * `main`; kernels of 3 mean nearest upsampling.
 */
function inferArchitecture(
  golden: GoldenCase,
  generator: ReadonlyMap<string, TensorData>,
  images: readonly number[],
): Architecture {
  const shapes = [...generator.values()].map(({ shape }) => shape);
  return {
    size: images.at(-1)!,
    channels: images.at(-3)!,
    ngf: golden.number("ngf"),
    ndf: golden.number("ndf", 1),
    pack: golden.number("pack", 1),
    latent: golden.number("nz"),
    ...(golden.param("classes") === undefined ? {} : {
      classes: Array.from({ length: golden.number("classes") }, (_, at) => `${at}`),
      classVector: golden.number("embed_dim"),
    }),
    firstLayer: [...generator.keys()].some((name) => name.startsWith("main.")) ? "transposed" : "project",
    upsampling: shapes.some((shape) => shape.length === 4 && shape[3] === 3) ? "nearest" : "transposed",
  };
}

/** Our images `[N, H, W, C]` as PyTorch's. */
async function readImages(images: Tensor): Promise<TensorData<"F32">> {
  const [values] = await images.device.read([images]);
  const { shape, data } = permute({ shape: images.shape, data: Float32Array.from(values!) }, inverse(IMAGE));
  return floatsOf(shape, data);
}

/** Images of a generator in evaluation mode, its state dict loaded. */
async function evaluateGenerator(device: Device, golden: GoldenCase): Promise<Results> {
  const state = dictOf(golden, "state.");
  const architecture = { ...inferGenerator(state, golden.op), ndf: 1 };
  using generator = new Network(device, createGenerator(architecture));
  loadStateDict(generator, state);
  const z = golden.floats("input.z");
  const latent = device.tensor(z.data, { shape: [z.shape[0]!, architecture.latent] });
  const images = generator.forward(latent, { training: false });
  return new Map([["output.images", await readImages(images)]]);
}

/** PyTorch's options of Adam and AdamW. */
interface AdamParameters {
  readonly lr: number;
  readonly betas: [number, number];
  readonly eps: number;
  readonly weight_decay?: number;
}

/** A schedule of learning rates, with those of each step. */
interface Schedule {
  readonly kind: "linear" | "cosine";
  readonly warmup: number;
  readonly base_lr_d: number;
  readonly base_lr_g: number;
  readonly lr_d: readonly number[];
  readonly lr_g: readonly number[];
}

/** The options of a run's optimizers, as the product has them. */
function optimizersOf(golden: GoldenCase, steps: number): OptimizerConfig {
  const adamW = golden.param("adamw") as AdamParameters | undefined;
  const { lr, betas: [beta1, beta2], eps, weight_decay: weightDecay = 0 } = adamW ??
    golden.param("adam") as AdamParameters;
  if (eps !== 1e-8) throw new Error(`Parameter 'eps' of ${golden.op} is ${eps}: only 1e-8 is supported`);
  const schedule = golden.param("schedule") as Schedule | undefined;
  return {
    optimizer: adamW ? "adamw" : "adam",
    learningRate: schedule?.base_lr_g ?? lr,
    dLearningRate: schedule?.base_lr_d ?? lr,
    schedule: schedule?.kind ?? "constant",
    warmup: schedule?.warmup ?? 0,
    steps,
    beta1,
    beta2,
    weightDecay,
  };
}

/** Throws if a step does not have the learning rates that the case gives for it. */
async function expectRates(golden: GoldenCase, step: number, optimizers: Optimizers): Promise<void> {
  const { lr_d, lr_g } = (golden.param("schedule") ?? {}) as Partial<Schedule>;
  for (const [network, wanted] of [["discriminator", lr_d], ["generator", lr_g]] as const) {
    if (!wanted) continue;
    const found = await optimizers[network].state().learning_rate!.item();
    if (found === Math.fround(wanted[step]!)) continue;
    throw new Error(`The learning rate of the ${network} in step ${step} is ${found}, not ${wanted[step]}`);
  }
}

/** How a training run differs from the product's usual one. */
export interface TrainedRun {
  /** Its losses. */
  readonly losses: TrainingStepOptions;
  /** What its discriminator is normalized by. */
  readonly dNorm?: Architecture["dNorm"];
  /** What its generator is normalized by. */
  readonly gNorm?: Architecture["gNorm"];
  /** Decay of a moving average of the generator's weights. */
  readonly ema?: number;
  /** What the case keeps of the discriminator's logits. */
  readonly outsOf: (logits: Tensor) => Tensor;
  /** A row of its trace, from what a step left. */
  readonly traceOf: (results: StepResults) => Promise<number[]>;
}

/** The columns of the manifest's trace. */
const TRACE = [
  "discriminatorLossReal",
  "discriminatorLossFake",
  "generatorLoss",
  "dReal",
  "dFake",
  "dFakeAfter",
] as const;

/** The targets of a run's losses. */
export function labelsOf(golden: GoldenCase): Required<Omit<LossOptions, "loss">> {
  return {
    realLabel: golden.number("real_label", 1),
    fakeLabel: golden.number("fake_label", 0),
    generatorTarget: golden.number("generator_target", 1),
  };
}

/** The numbers of a step, as the product records them. */
export async function numbersOf({ discriminatorScores, generatorScores }: StepResults): Promise<StepNumbers> {
  const scores = await discriminatorScores.device.read([discriminatorScores, generatorScores]);
  return nameNumbers(scores.flatMap((values) => [...values]));
}

/** A row of the trace of a run whose discriminator gives probabilities. */
export async function probabilitiesOf(results: StepResults): Promise<number[]> {
  const numbers = await numbersOf(results);
  return TRACE.map((name) => numbers[name]);
}

/** A run of PyTorch's example. */
async function trainExample(device: Device, golden: GoldenCase): Promise<Results> {
  const loss = golden.param("loss");
  if (loss !== "bce" && loss !== "bce_with_logits") {
    throw new Error(
      `Parameter 'loss' of ${golden.op} is ${JSON.stringify(loss)}, expected bce or bce_with_logits`,
    );
  }
  return await trainNetworks(device, golden, {
    losses: labelsOf(golden),
    // PyTorch's discriminator ends in a sigmoid when trained with 'bce'; ours gives logits always.
    outsOf: (logits) => loss === "bce" ? sigmoid(logits) : logits,
    traceOf: probabilitiesOf,
  });
}

/** A whole training run with the step that the product trains with, recorded as it records it. */
export async function trainNetworks(
  device: Device,
  golden: GoldenCase,
  { losses, dNorm = "batch", gNorm = "batch", ema, outsOf, traceOf }: TrainedRun,
): Promise<Results> {
  const { steps, images, size, channels, ...batches } = stepBatches(golden);
  const { dSteps = 1, accumulate = 1 } = losses;
  const batch = images / dSteps;
  golden.expectParams({ batch });
  const start = { generator: dictOf(golden, "init.G."), discriminator: dictOf(golden, "init.D.") };
  const shape = [images, channels, size, size];
  const architecture = { ...inferArchitecture(golden, start.generator, shape), dNorm, gNorm };
  const { precision } = golden;
  const { latent } = architecture;
  using generator = new Network(device, createGenerator(architecture), { precision });
  using discriminator = new Network(device, createDiscriminator(architecture), { precision });
  loadStateDict(generator, start.generator);
  loadStateDict(discriminator, start.discriminator);

  using average = ema === undefined
    ? undefined
    : new MovingAverage(generator, createGenerator(architecture), { decay: ema });

  const record = (options: TrainingStepOptions, by: Optimizers, images: number, vectors: number) => {
    const classes = (count: number) => ({ shape: [count], dtype: "u32" as const });
    const inputs: Readonly<Record<string, ProgramInput>> = {
      real: { shape: [images, size, size, channels], dtype: precision },
      latent: [vectors, latent],
      ...(architecture.classes ? { realLabels: classes(images), fakeLabels: classes(vectors) } : {}),
    };
    return device.program(inputs, ({ real, latent, realLabels, fakeLabels }) => {
      const labels = realLabels && fakeLabels && { real: realLabels, fake: fakeLabels };
      const results = trainingStep(
        { generator, discriminator },
        by,
        { real: real!, latent: latent!, labels },
        options,
      );
      average?.update();
      return results;
    });
  };
  using optimizers = new Optimizers({ generator, discriminator }, optimizersOf(golden, steps));
  using step = record(losses, optimizers, images, batches.latent(0).length / latent);

  const results: Results = new Map();
  const add = (more: Results) => more.forEach((tensor, name) => results.set(name, tensor));
  const judge = async ({ logits }: StepResults) => {
    const outs = await outsOf(logits).data();
    const judged = outs.length / 2;
    results.set("step1.D_real", floatsOf([judged], outs.slice(0, judged)));
    results.set("step1.D_fake", floatsOf([judged], outs.slice(judged)));
    add(prefixed("step1.gradD.", await gradientDict(discriminator)));
  };
  if (dSteps > 1) {
    // Of the first step, the case has what the first update of the discriminator saw: that of a step with one
    using own = new Optimizers({ generator, discriminator }, optimizersOf(golden, steps));
    using first = record({ ...losses, dSteps: 1 }, own, batch, batch);
    const [real, z] = [batches.real(0), batches.latent(0)];
    first.run({ real: real.slice(0, real.length / dSteps), latent: z.slice(0, batch * latent) });
    await judge(first.outputs);
    loadStateDict(generator, start.generator);
    loadStateDict(discriminator, start.discriminator);
  }
  const trace: number[] = [];
  for (let t = 0; t < steps; t++) {
    optimizers.beforeStep(t);
    await expectRates(golden, t, optimizers);
    const labels = batches.labels(t);
    step.run({
      real: batches.real(t),
      latent: batches.latent(t),
      ...(labels ? { realLabels: labels.real, fakeLabels: labels.fake } : {}),
    });
    trace.push(...await traceOf(step.outputs));
    if (t > 0) continue;

    if (dSteps === 1) await judge(step.outputs);
    results.set("step1.fake", await readImages(step.outputs.fake));
    add(prefixed("step1.gradG.", await gradientDict(generator)));
    add(prefixed("step1.G.", await stateDict(generator)));
    add(prefixed("step1.D.", await stateDict(discriminator)));
  }
  results.set("trace", floatsOf([steps, trace.length / steps], trace));
  add(prefixed("final.G.", await stateDict(generator)));
  add(prefixed("final.D.", await stateDict(discriminator)));
  if (average) add(prefixed("final.ema.", await stateDict(average.network)));
  const sampled = average?.network ?? generator;
  // Those of the generator, or of its first micro-batch
  const shown = batch / accumulate;
  const rows = batches.latent(0).subarray(dSteps === 1 ? 0 : images * latent);
  const first = device.tensor(rows.slice(0, shown * latent), { shape: [shown, latent] });
  const firstLabels = batches.labels(0)?.fake;
  const shownLabels = firstLabels && device.tensor(firstLabels, { dtype: "u32" });
  results.set(
    "final.eval_images",
    await readImages(
      sampled.forward(first, { training: false, precision: "f32", inputs: { labels: shownLabels } }),
    ),
  );
  return results;
}

/** The DCGAN's networks: trained step by step, and in evaluation mode. */
export const networks: Readonly<Record<string, Run>> = {
  dcgan_training: trainExample,
  generator_eval: evaluateGenerator,
};

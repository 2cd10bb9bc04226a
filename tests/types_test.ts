/**
 * Mistakes that the compiler must catch. The functions are never called: each `@ts-expect-error` line is an error of its
 * own as soon as the mistake below it compiles.
 */
import { assert, assertEquals } from "@std/assert";
import { type Device, sample, train, type TrainEvent } from "@x/dcgan";
import { type Dataset, type DatasetPlugin, defineDataset } from "@x/dcgan/datasets";
import { Adam, type FlatParameters } from "@x/dcgan/nn";

const LEAST_MISTAKES = 30;

export function optionsOfTrain(device: Device): void {
  train(device);
  train(device, { learningRate: 2e-4, size: 64, channels: 3, precision: "f32" });
  // @ts-expect-error: `learningrate` is not an option, `learningRate` is
  train(device, { learningrate: 2e-4 });
  // @ts-expect-error: options are in camel case, not in that of the flags
  train(device, { "learning-rate": 2e-4 });
  train(device, { size: "64x48", channels: 4, kernel: 5, base: 3, maxMaps: 512 });
  // @ts-expect-error: a size is a number, or width and height as text
  train(device, { size: "64 by 48" });
  // @ts-expect-error: images have 1 to 4 channels
  train(device, { channels: 5 });
  // @ts-expect-error: kernels are of 4x4 or 5x5
  train(device, { kernel: 3 });
  // @ts-expect-error: a run stops or rolls back if a number becomes NaN
  train(device, { onNan: "skip" });
  train(device, { augment: ["color", "cutout"] });
  // @ts-expect-error: kinds of augmentation are a list
  train(device, { augment: "color,cutout" });
  // @ts-expect-error: there is no such kind
  train(device, { augment: ["crop"] });
  // @ts-expect-error: a learning rate is a number
  train(device, { learningRate: "2e-4" });
  train(device, { schedule: "cosine", warmup: 100, dLearningRate: 4e-4 });
  // @ts-expect-error: there is no such schedule
  train(device, { schedule: "step" });
  // @ts-expect-error: an option is left out, not given as undefined
  train(device, { batch: undefined });
  // @ts-expect-error: the device comes first
  train({ size: 64 });
}

export function optionsOfSample(device: Device): void {
  sample(device, "run", { out: "faces.png" });
  sample(device, "run", { out: "faces.npy", count: 16, seed: 7, format: "npy", statistics: "batch" });
  // @ts-expect-error: `out` is required
  sample(device, "run", { count: 16 });
  // @ts-expect-error: `counts` is not an option, `count` is
  sample(device, "run", { out: "faces.png", counts: 16 });
  // @ts-expect-error: a grid is written as PNG, and its format is `grid`
  sample(device, "run", { out: "faces.png", format: "png" });
  // @ts-expect-error: statistics are those of the batch or the running ones
  sample(device, "run", { out: "faces.png", statistics: "eval" });
  // @ts-expect-error: the run or the state dict is named before the options
  sample(device, { out: "faces.png" });
}

export function optionsOfAdam(parameters: FlatParameters): void {
  new Adam(parameters);
  new Adam(parameters, { learningRate: 2e-4, betas: [0.5, 0.999], eps: 1e-8, weightDecay: 0 });
  // @ts-expect-error: `lr` is PyTorch's name, the option is `learningRate`
  new Adam(parameters, { lr: 2e-4 });
  // @ts-expect-error: `beta1` is not an option, both are in `betas`
  new Adam(parameters, { beta1: 0.5 });
  // @ts-expect-error: there are two betas
  new Adam(parameters, { betas: [0.5] });
  // @ts-expect-error: parameters come with their gradients
  new Adam({ values: parameters.values });
}

export function shapesOfPlugins(dataset: Dataset): readonly DatasetPlugin[] {
  const open = () => dataset;
  const later = () => Promise.resolve(dataset);
  const { read } = dataset;
  return [
    { apiVersion: 1, name: "gray", open },
    { apiVersion: 1, name: "gray", open: later, description: "Plain gray", license: "CC0" },
    { apiVersion: 1, name: "gray", open: ({ size }) => ({ length: 256, shape: [size, size, 1], read }) },
    // @ts-expect-error: there is no version 2 of the contract
    { apiVersion: 2, name: "gray", open },
    // @ts-expect-error: `name` is required
    { apiVersion: 1, open },
    // @ts-expect-error: `open` is required
    { apiVersion: 1, name: "gray" },
    // @ts-expect-error: `licence` is not a field, `license` is
    { apiVersion: 1, name: "gray", open, licence: "CC0" },
    // @ts-expect-error: a shape has a height, a width and channels
    { apiVersion: 1, name: "gray", open: ({ size }) => ({ length: 256, shape: [size, size], read }) },
    // @ts-expect-error: an open dataset can be read
    { apiVersion: 1, name: "gray", open: () => ({ length: 256, shape: [64, 64, 1] }) },
    { apiVersion: 1, name: "gray", open: ({ width, height }) => ({ ...dataset, shape: [height, width, 1] }) },
    // @ts-expect-error: a request has no `depth`
    { apiVersion: 1, name: "gray", open: ({ depth }) => ({ ...dataset, length: depth }) },
  ];
}

export function optionsOfPlugins(dataset: Dataset): void {
  const period = { type: "number", description: "pixels from stripe to stripe", default: 8 } as const;
  defineDataset({
    apiVersion: 1,
    name: "stripes",
    options: { period },
    open({ options }) {
      const pixels: number = options.period;
      // @ts-expect-error: the option is a number, as declared
      const text: string = options.period;
      // @ts-expect-error: `periods` was not declared
      const missing = options.periods;
      return { ...dataset, length: pixels + Number(text) + Number(missing) };
    },
  });
}

export function fieldsOfEvents(event: TrainEvent): unknown {
  // @ts-expect-error: only some events have a step
  const anywhere = event.step;
  // @ts-expect-error: there is no event of this name
  if (event.type === "metric") return anywhere;
  if (event.type === "metrics") {
    const losses: readonly number[] = [event.generatorLoss, event.discriminatorLossReal];
    // @ts-expect-error: the discriminator has two losses, each with its name
    return [losses, event.discriminatorLoss];
  }
  if (event.type === "checkpoint") {
    const { step, path }: { step: number; path: string } = event;
    // @ts-expect-error: a checkpoint event has no losses
    return [step, path, event.generatorLoss];
  }
  if (event.type === "end") {
    // @ts-expect-error: events are read-only
    event.seconds = 0;
    return event.interrupted;
  }
  return event.type;
}

Deno.test("the compiler catches misspelled options, wrong plugins and wrong fields", async () => {
  const lines = (await Deno.readTextFile(new URL(import.meta.url))).split("\n");
  const mistakes = lines.filter((line) => /^\s*\/\/ @ts-/.test(line));
  assert(mistakes.length >= LEAST_MISTAKES, `only ${mistakes.length} mistakes are left`);
  assertEquals(mistakes.filter((line) => !/@ts-expect-error: \S+ \S+/.test(line)), []);
});

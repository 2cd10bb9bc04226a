import { assertEquals, assertThrows } from "@std/assert";
import { plotMetrics } from "../../src/dcgan/plot/plot.ts";
import { trainingStep } from "../../src/dcgan/training_step.ts";
import {
  addNoise,
  avgPool2d,
  batchNorm,
  clamp,
  concat,
  conv2d,
  convTranspose2d,
  type Device,
  dropout,
  fill,
  gatherImages,
  hostNormal,
  hostUniform,
  leastSquaresScores,
  logisticScores,
  map,
  maxPool2d,
  mean,
  permuted,
  randomNormal,
  randomUniform,
  slice,
  sum,
} from "../../gpu.ts";
import {
  Adam,
  AdamW,
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  gradientPenalty,
  gradients,
  Linear,
  MaxPool2d,
  Network,
  RmsProp,
  Sgd,
} from "../../src/nn/mod.ts";
import { gpuTest } from "../support/gpu.ts";

/** All that takes options, called with a misspelled one beside those that it needs. */
function uses(
  device: Device,
): Record<string, [option: string, meant: string, use: (options: never) => unknown]> {
  const row = () => ({ values: device.tensor([1, 2]), gradients: device.tensor([0, 0]) });
  const network = () => new Network(device, [new Linear(2, 1)]);
  const images = fill(device, [1, 4, 4, 1], 1);
  const one = fill(device, [1], 1);
  const x = device.tensor([[1, 2]]);
  const draw = { seed: 1 };
  return {
    Adam: ["learning_rate", "learningRate", (options) => new Adam(row(), options)],
    AdamW: ["weight_decay", "weightDecay", (options) => new AdamW(row(), options)],
    Sgd: ["momentums", "momentum", (options) => new Sgd(row(), options)],
    RmsProp: ["weight_decay", "weightDecay", (options) => new RmsProp(row(), options)],
    Conv2d: ["pading", "padding", (options) => new Conv2d(1, 1, { kernel: 2, ...options as object })],
    ConvTranspose2d: ["output_padding", "outputPadding", (options) => {
      return new ConvTranspose2d(1, 1, { kernel: 2, ...options as object });
    }],
    Linear: ["biass", "bias", (options) => new Linear(1, 1, options)],
    BatchNorm2d: ["epsi", "eps", (options) => new BatchNorm2d(1, options)],
    Network: ["seeds", "seed", (options) => new Network(device, [new Linear(1, 1)], options)],
    "Network.forward()": ["trainning", "training", (options) => network().forward(x, options)],
    "Network.backward()": ["seed", "seeds", (options) => {
      const trained = network();
      return trained.backward([trained.forward(x)], options);
    }],
    "gradientPenalty()": ["centre", "center", (options) => {
      return gradientPenalty(network(), x, { weight: 1, ...options as object });
    }],
    "gradients()": ["intoo", "into", (options) => gradients([x], [x], options)],
    "tensor()": ["dType_", "dtype", (options) => device.tensor([1], options)],
    "conv2d()": ["strides", "stride", (options) => conv2d(images, fill(device, [2, 2, 1, 1], 1), options)],
    "convTranspose2d()": ["strides", "stride", (options) => {
      return convTranspose2d(images, fill(device, [2, 2, 1, 1], 1), options);
    }],
    "avgPool2d()": ["count_include_pad", "countIncludePad", (options) => {
      return avgPool2d(images, { kernel: 2, ...options as object });
    }],
    "maxPool2d()": ["strides", "stride", (options) => maxPool2d(images, { kernel: 2, ...options as object })],
    MaxPool2d: ["kernels", "kernel", (options) => new MaxPool2d({ kernel: 2, ...options as object })],
    Dropout: ["rates", "rate", (options) => new Dropout(options)],
    "dropout()": ["rates", "rate", (options) => dropout(x, { ...draw, ...options as object })],
    "clamp()": ["mins", "min", (options) => clamp(x, { max: 1, ...options as object })],
    "slice()": ["axes", "axis", (options) => slice(x, options)],
    "concat()": ["axes", "axis", (options) => concat(x, x, options)],
    "batchNorm()": ["group", "groups", (options) => {
      return batchNorm(images, one, one, { training: true, ...options as object });
    }],
    "sum()": ["axis", "axes", (options) => sum(x, options)],
    "mean()": ["keepdims", "keepDims", (options) => mean(x, options)],
    "map()": ["uniform", "uniforms", (options) => map("twice", { x }, "x * 2.0", options)],
    "gatherImages()": ["shufle", "shuffle", (options) => {
      return gatherImages(fill(device, [1, 4, 4, 1], 1), device.state([1], "u32"), options);
    }],
    "randomNormal()": [
      "streams",
      "stream",
      (options) => randomNormal(device, [1], { ...draw, ...options as object }),
    ],
    "randomUniform()": [
      "hight",
      "high",
      (options) => randomUniform(device, [1], { ...draw, ...options as object }),
    ],
    "addNoise()": ["deviaton", "deviation", (options) => {
      return addNoise(x, { deviation: 1, ...draw, ...options as object });
    }],
    "hostNormal()": ["count", "counter", (options) => hostNormal(1, { ...draw, ...options as object })],
    "hostUniform()": ["lows", "low", (options) => hostUniform(1, { ...draw, ...options as object })],
    "permuted()": ["epochs", "epoch", (options) => permuted(0, 1, { ...draw, ...options as object })],
    "A target of logisticScores()": ["scales", "scale", (options) => {
      return logisticScores(x, [{ target: 1, ...options as object }]);
    }],
    "A target of leastSquaresScores()": ["scales", "scale", (options) => {
      return leastSquaresScores(x, [{ target: 1, ...options as object }]);
    }],
    "trainingStep()": ["losses", "loss", (options) => {
      const adversaries = { generator: network(), discriminator: network() };
      const optimizers = { generator: new Sgd(row()), discriminator: new Sgd(row()) };
      return trainingStep(adversaries, optimizers, { real: x, latent: x }, options);
    }],
    "plotMetrics()": ["with", "width", (options) => plotMetrics([], options)],
  };
}

gpuTest("Unknown options are refused wherever there are options, with the one that was meant", (device) => {
  for (const [subject, [option, meant, use]] of Object.entries(uses(device))) {
    const { message } = assertThrows(() => use({ [option]: 1 } as never), TypeError);
    assertEquals(message, `${subject} has no option '${option}'. Did you mean '${meant}'?`);
  }
});

gpuTest("A number in place of options is refused, as PyTorch's order of arguments has it", () => {
  assertThrows(
    () => new Conv2d(1, 1, 4 as never),
    TypeError,
    "The options of Conv2d must be an object, found 4",
  );
});

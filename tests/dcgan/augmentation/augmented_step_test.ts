import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { LOSSES } from "../../../src/dcgan/options/losses.ts";
import { trainingStep, type TrainingStepOptions } from "../../../src/dcgan/training_step.ts";
import {
  augmentImages,
  type Device,
  drawAugmentation,
  type FloatType,
  type Tensor,
} from "../../../src/gpu/mod.ts";
import {
  Conv2d,
  LeakyRelu,
  Linear,
  Module,
  Network,
  normal,
  Reshape,
  Sgd,
  Tanh,
} from "../../../src/nn/mod.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const [COUNT, EDGE, LATENT] = [3, 8, 5];

/** Augments the fake images of a step: a generator that ends in it makes what the discriminator would see. */
class AugmentFakes extends Module {
  readonly #parameters: Tensor;

  constructor(parameters: Tensor) {
    super();
    this.#parameters = parameters;
  }

  override forward(x: Tensor): Tensor {
    return augmentImages(x, this.#parameters, { first: COUNT });
  }
}

/** Networks with the same weights each time, and what a step needs besides. */
function setUp(device: Device, last: readonly Module[], precision: FloatType) {
  const weight = normal(0, 0.4);
  const generator = new Network(device, [
    new Linear(LATENT, EDGE * EDGE * 3, { weight }),
    new Reshape([EDGE, EDGE, 3]),
    new Tanh(),
    ...last,
  ], { seed: 1, precision });
  const discriminator = new Network(device, [
    new Conv2d(3, 6, { kernel: 4, stride: 2, padding: 1, weight }),
    new LeakyRelu(0.2),
    new Conv2d(6, 1, { kernel: 4, weight, output: "f32" }),
  ], { seed: 2, precision });
  const optimizers = {
    generator: new Sgd(generator, { learningRate: 0.1 }),
    discriminator: new Sgd(discriminator, { learningRate: 0.1 }),
  };
  const numbers = (shape: number[], seed: number, dtype: FloatType) =>
    device.tensor(randomValues(shape.reduce((a, b) => a * b), seed, [-1, 1]), { shape, dtype });
  const batch = {
    real: numbers([COUNT, EDGE, EDGE, 3], 5, precision),
    latent: numbers([COUNT, LATENT], 6, "f32"),
  };
  return { networks: { generator, discriminator }, optimizers, batch };
}

/** Scores, gradients and new weights of a step. */
async function stepOf(
  { networks, optimizers, batch }: ReturnType<typeof setUp>,
  options: TrainingStepOptions,
) {
  const { device } = batch.real;
  using program = device.program({}, () => trainingStep(networks, optimizers, batch, options));
  program.run();
  const { discriminatorScores, generatorScores, logits, generatorLogits } = program.outputs;
  return await device.read([
    ...[discriminatorScores, generatorScores, logits, generatorLogits],
    ...Object.values(networks).flatMap(({ gradients, values }) => [gradients, values]),
  ]);
}

async function checkSteps(device: Device, precision: FloatType): Promise<void> {
  const parameters = drawAugmentation(device, 2 * COUNT, { size: [EDGE, EDGE], seed: 7 });
  for (const loss of LOSSES) {
    using _scope = device.scope();
    const found = await stepOf(setUp(device, [], precision), { loss, augmentation: { parameters } });
    const by = setUp(device, [new AugmentFakes(parameters)], precision);
    const real = augmentImages(by.batch.real, parameters);
    assertEquals(found, await stepOf({ ...by, batch: { ...by.batch, real } }, { loss }), loss);
    assertNotEquals(found, await stepOf(setUp(device, [], precision), { loss }));
  }
}

gpuTest(
  "trainingStep() with an augmentation is the step of a generator that augments, on augmented images",
  async (device) => await checkSteps(device, "f32"),
);

f16Test(
  "trainingStep() with an augmentation in f16 is that of a generator that augments",
  async (device) => await checkSteps(device, "f16"),
);

gpuTest("trainingStep() refuses an augmentation for another number of images", (device) => {
  const { networks, optimizers, batch } = setUp(device, [], "f32");
  const parameters = drawAugmentation(device, COUNT, { size: [EDGE, EDGE], seed: 7 });
  assertThrows(
    () => trainingStep(networks, optimizers, batch, { augmentation: { parameters } }),
    RangeError,
    `must have parameters for ${COUNT} real and ${COUNT} fake images, found ${COUNT} rows`,
  );
});

import { assertEquals, assertNotEquals } from "@std/assert";
import type { LossOptions } from "../../src/dcgan/adversarial_loss.ts";
import { trainingStep } from "../../src/dcgan/training_step.ts";
import { nameNumbers, STEP_NUMBERS } from "../../src/dcgan/numbers/step_numbers.ts";
import type { Device, Tensor } from "../../src/gpu/mod.ts";
import { constant, Linear, Network, type Optimizer, Sgd } from "../../src/nn/mod.ts";
import { assertClose } from "../support/close.ts";
import { gpuTest } from "../support/gpu.ts";

/**
 * The smallest adversaries: `G(z) = w z` and `D(x) = sigmoid(a x + b)`. Every number of a step follows from the chain
 * rule by hand.
 */
const START = { w: 0.7, a: 0.9 };
const REAL = [1.5, -0.4, 2.2];
const LATENT = [0.3, -1.1, 0.8];
const RATE = 0.5;
const TOLERANCE = { relative: 1e-5, absolute: 1e-6 };

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const bce = (logits: readonly number[], target: number) =>
  mean(logits.map((x) => -target * Math.log(sigmoid(x)) - (1 - target) * Math.log(1 - sigmoid(x))));

/** One step in 64 bits, in the order of PyTorch's examples/dcgan. */
function stepByHand({ loss, realLabel = 1, fakeLabel = 0, generatorTarget = 1 }: LossOptions) {
  let { w, a } = START;
  let b = 0;
  const fake = LATENT.map((z) => w * z);
  const logitsReal = REAL.map((x) => a * x + b);
  const logitsFake = fake.map((x) => a * x + b);
  // The derivative of a binary cross entropy by its logit is the probability less the target.
  const errorReal = logitsReal.map((x) => sigmoid(x) - realLabel);
  const errorFake = logitsFake.map((x) => sigmoid(x) - fakeLabel);
  const gradientA = mean(REAL.map((x, i) => x * errorReal[i]!)) + mean(fake.map((x, i) => x * errorFake[i]!));
  const gradientB = mean(errorReal) + mean(errorFake);
  a -= RATE * gradientA;
  b -= RATE * gradientB;

  const logitsAfter = fake.map((x) => a * x + b);
  const minimax = loss === "minimax";
  const errorAfter = logitsAfter.map((x) => minimax ? fakeLabel - sigmoid(x) : sigmoid(x) - generatorTarget);
  const gradientW = mean(LATENT.map((z, i) => errorAfter[i]! * a * z));
  w -= RATE * gradientW;
  return {
    numbers: {
      discriminatorLossReal: bce(logitsReal, realLabel),
      discriminatorLossFake: bce(logitsFake, fakeLabel),
      generatorLoss: minimax ? -bce(logitsAfter, fakeLabel) : bce(logitsAfter, generatorTarget),
      dReal: mean(logitsReal.map(sigmoid)),
      dFake: mean(logitsFake.map(sigmoid)),
      dFakeAfter: mean(logitsAfter.map(sigmoid)),
    },
    arrays: { fake, logitsReal, logitsFake },
    weights: { w, a, b },
    gradients: { w: gradientW, a: gradientA, b: gradientB },
  };
}

function makeAdversaries(device: Device): { generator: Network; discriminator: Network } {
  const generator = new Network(device, [new Linear(1, 1, { bias: false, weight: constant(START.w) })]);
  const discriminator = new Network(device, [new Linear(1, 1, { weight: constant(START.a) })]);
  discriminator.parameters.get("0.bias")!.tensor.set([0]);
  return { generator, discriminator };
}

function makeBatch(device: Device): { real: Tensor; latent: Tensor } {
  const column = (values: number[]) => device.tensor(values, { shape: [values.length, 1] });
  return { real: column(REAL), latent: column(LATENT) };
}

/** Both networks' values or gradients: w, a, b. */
async function readAll(networks: ReturnType<typeof makeAdversaries>, of: "values" | "gradients") {
  const { generator, discriminator } = networks;
  const weight = (network: Network, name: string) =>
    of === "values" ? network.parameters.get(name)!.tensor : network.gradientOf(name);
  const [w, a, b] = await generator.values.device.read([
    weight(generator, "0.weight"),
    weight(discriminator, "0.weight"),
    weight(discriminator, "0.bias"),
  ]);
  return [w![0]!, a![0]!, b![0]!];
}

const variants: LossOptions[] = [
  {},
  { loss: "non-saturating" },
  { loss: "minimax" },
  { realLabel: 0.9, fakeLabel: 0.1, generatorTarget: 0.8 },
  { loss: "minimax", fakeLabel: 0.1 },
];

gpuTest("trainingStep() has the losses, gradients and updates computed by hand", async (device) => {
  for (const options of variants) {
    const label = JSON.stringify(options);
    const expected = stepByHand(options);
    const networks = makeAdversaries(device);
    const optimizers = {
      generator: new Sgd(networks.generator, { learningRate: RATE }),
      discriminator: new Sgd(networks.discriminator, { learningRate: RATE }),
    };
    const batch = makeBatch(device);
    using program = device.program({}, () => trainingStep(networks, optimizers, batch, options));
    program.run();

    const { numbers, arrays, weights, gradients } = expected;
    const { discriminatorScores, generatorScores, logits, fake } = program.outputs;
    const [ofDiscriminator, ofGenerator, ...found] = await device.read([
      discriminatorScores,
      generatorScores,
      logits,
      fake,
    ]);
    const named = nameNumbers([...ofDiscriminator!, ...ofGenerator!]);
    for (const name of STEP_NUMBERS) {
      assertClose([named[name]], [numbers[name]], TOLERANCE, `${name} with ${label}`);
    }
    assertClose(found[0]!, [...arrays.logitsReal, ...arrays.logitsFake], TOLERANCE, `logits with ${label}`);
    assertClose(found[1]!, arrays.fake, TOLERANCE, `fake images with ${label}`);
    assertClose(
      await readAll(networks, "values"),
      Object.values(weights),
      TOLERANCE,
      `weights with ${label}`,
    );
    // Those of the discriminator stay what its own backward pass left: the generator's adds nothing to them.
    const left = await readAll(networks, "gradients");
    assertClose(left, Object.values(gradients), TOLERANCE, `gradients with ${label}`);
  }
});

gpuTest(
  "trainingStep() leaves the discriminator alone where the generator learns, and the reverse",
  async (device) => {
    const still: Optimizer = {
      step: () => {},
      setLearningRate: () => {},
      state: () => ({}),
      [Symbol.dispose]: () => {},
    };
    const networks = makeAdversaries(device);
    const sgd = (network: Network) => new Sgd(network, { learningRate: RATE });
    const batch = makeBatch(device);

    trainingStep(networks, { generator: sgd(networks.generator), discriminator: still }, batch);
    const [w, a, b] = await readAll(networks, "values");
    assertEquals([a, b], [Math.fround(START.a), 0]);
    assertNotEquals(w, Math.fround(START.w));

    const others = makeAdversaries(device);
    trainingStep(others, { generator: still, discriminator: sgd(others.discriminator) }, batch);
    const [after, ...moved] = await readAll(others, "values");
    assertEquals(after, Math.fround(START.w));
    const { weights } = stepByHand({});
    assertClose(moved, [weights.a, weights.b], TOLERANCE, "the discriminator");
  },
);

import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { LossName } from "../../src/dcgan/options/losses.ts";
import { trainingStep, type TrainingStepOptions } from "../../src/dcgan/training_step.ts";
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

/** What one logit costs, and the derivative. In a loss of pairs it depends on the logit of its rival. */
interface Term {
  loss: (x: number, rival: number) => number;
  slope: (x: number, rival: number) => number;
}

const logistic = (target: number): Term => ({
  loss: (x) => -target * Math.log(sigmoid(x)) - (1 - target) * Math.log(1 - sigmoid(x)),
  slope: (x) => sigmoid(x) - target,
});
const square = (target: number): Term => ({ loss: (x) => (x - target) ** 2 / 2, slope: (x) => x - target });
const linear = (slope: number): Term => ({ loss: (x) => slope * x, slope: () => slope });
const hinge = (side: number): Term => ({
  loss: (x) => Math.max(0, 1 - side * x),
  slope: (x) => side * x < 1 ? -side : 0,
});
/** Each half of a discriminator shows half of the loss; its slope is that of the whole. */
const pair = (side: number, share: number): Term => ({
  loss: (x, rival) => share * Math.log1p(Math.exp(-side * (x - rival))),
  slope: (x, rival) => -side * sigmoid(-side * (x - rival)),
});

/** The terms of real and of fake logits, and those of the generator. */
function termsOf(options: TrainingStepOptions): [real: Term, fake: Term, generator: Term] {
  const { loss = "non-saturating", realLabel = 1, fakeLabel = 0, generatorTarget = 1 } = options;
  const { loss: cost, slope } = logistic(fakeLabel);
  return ({
    "non-saturating": () => [logistic(realLabel), logistic(fakeLabel), logistic(generatorTarget)],
    "minimax": () => [logistic(realLabel), logistic(fakeLabel), {
      loss: (x, rival) => -cost(x, rival),
      slope: (x, rival) => -slope(x, rival),
    }],
    "least-squares": () => [square(realLabel), square(fakeLabel), square(generatorTarget)],
    "hinge": () => [hinge(1), hinge(-1), linear(-1)],
    "wasserstein": () => [linear(-1), linear(1), linear(-1)],
    "rpgan": () => [pair(1, 0.5), pair(-1, 0.5), pair(1, 1)],
  } satisfies Record<LossName, () => [Term, Term, Term]>)[loss as LossName]();
}

/** One step in 64 bits, in the order of PyTorch's examples/dcgan. */
function stepByHand(options: TrainingStepOptions) {
  const [ofReal, ofFake, ofGenerator] = termsOf(options);
  let { w, a } = START;
  let b = 0;
  const fake = LATENT.map((z) => w * z);
  const logitsReal = REAL.map((x) => a * x + b);
  const logitsFake = fake.map((x) => a * x + b);
  const errorReal = logitsReal.map((x, i) => ofReal.slope(x, logitsFake[i]!));
  const errorFake = logitsFake.map((x, i) => ofFake.slope(x, logitsReal[i]!));
  // The gradient at each image is a
  const penalties = [options.r1 ?? 0, options.r2 ?? 0].map((gamma) => gamma / 2 * a * a);
  let gradientA = mean(REAL.map((x, i) => x * errorReal[i]!)) +
    mean(fake.map((x, i) => x * errorFake[i]!)) + 2 / a * (penalties[0]! + penalties[1]!);
  let gradientB = mean(errorReal) + mean(errorFake);
  const gradientNorms = { discriminator: Math.hypot(gradientA, gradientB), generator: 0 };
  const clipped = (norm: number) => options.clip ? Math.min(1, options.clip / (norm + 1e-6)) : 1;
  gradientA *= clipped(gradientNorms.discriminator);
  gradientB *= clipped(gradientNorms.discriminator);
  a -= RATE * gradientA;
  b -= RATE * gradientB;

  const logitsAfter = fake.map((x) => a * x + b);
  const realAfter = REAL.map((x) => a * x + b);
  const errorAfter = logitsAfter.map((x, i) => ofGenerator.slope(x, realAfter[i]!));
  let gradientW = mean(LATENT.map((z, i) => errorAfter[i]! * a * z));
  gradientNorms.generator = Math.abs(gradientW);
  gradientW *= clipped(gradientNorms.generator);
  w -= RATE * gradientW;
  return {
    numbers: {
      discriminatorLossReal: mean(logitsReal.map((x, i) => ofReal.loss(x, logitsFake[i]!))),
      discriminatorLossFake: mean(logitsFake.map((x, i) => ofFake.loss(x, logitsReal[i]!))),
      generatorLoss: mean(logitsAfter.map((x, i) => ofGenerator.loss(x, realAfter[i]!))),
      dReal: mean(logitsReal.map(sigmoid)),
      dFake: mean(logitsFake.map(sigmoid)),
      dFakeAfter: mean(logitsAfter.map(sigmoid)),
    },
    penalties,
    gradientNorms,
    arrays: { fake, logitsReal, logitsFake, logitsAfter },
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

const variants: TrainingStepOptions[] = [
  {},
  { loss: "non-saturating" },
  { loss: "minimax" },
  { realLabel: 0.9, fakeLabel: 0.1, generatorTarget: 0.8 },
  { loss: "minimax", fakeLabel: 0.1 },
  { loss: "least-squares" },
  { loss: "least-squares", realLabel: 0.9, fakeLabel: -1, generatorTarget: 0 },
  { loss: "hinge" },
  { loss: "wasserstein" },
  { loss: "rpgan" },
  { loss: "rpgan", r1: 0.3, r2: 0.2 },
  { realLabel: 0.9, r1: 0.1 },
  { loss: "wasserstein", r2: 0.5 },
  { clip: 0.1 },
  { clip: 1e3 },
  { loss: "rpgan", r1: 0.3, r2: 0.2, clip: 0.05 },
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
    const { discriminatorScores, generatorScores, logits, generatorLogits, fake } = program.outputs;
    const [ofDiscriminator, ofGenerator, ...found] = await device.read([
      discriminatorScores,
      generatorScores,
      logits,
      fake,
      generatorLogits,
    ]);
    const named = nameNumbers([...ofDiscriminator!, ...ofGenerator!]);
    for (const name of STEP_NUMBERS) {
      assertClose([named[name]], [numbers[name]], TOLERANCE, `${name} with ${label}`);
    }
    assertClose(found[0]!, [...arrays.logitsReal, ...arrays.logitsFake], TOLERANCE, `logits with ${label}`);
    assertClose(found[1]!, arrays.fake, TOLERANCE, `fake images with ${label}`);
    assertClose(found[2]!, arrays.logitsAfter, TOLERANCE, `logits of the generator with ${label}`);
    const { penalties } = program.outputs;
    assertEquals(penalties !== undefined, "r1" in options || "r2" in options, label);
    if (penalties) {
      assertClose(await penalties.data(), expected.penalties, TOLERANCE, `penalties of ${label}`);
    }
    const { gradientNorms } = program.outputs;
    assertClose(
      [await gradientNorms.discriminator.item(), await gradientNorms.generator.item()],
      [expected.gradientNorms.discriminator, expected.gradientNorms.generator],
      TOLERANCE,
      `norms of ${label}`,
    );
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
  "trainingStep() refuses targets with losses that have none, other losses, and gammas and norms below 0",
  (device) => {
    const networks = makeAdversaries(device);
    const optimizers = {
      generator: new Sgd(networks.generator, { learningRate: RATE }),
      discriminator: new Sgd(networks.discriminator, { learningRate: RATE }),
    };
    const step = (options: TrainingStepOptions) =>
      trainingStep(networks, optimizers, makeBatch(device), options);
    for (const loss of ["hinge", "wasserstein", "rpgan"] as const) {
      for (const name of ["realLabel", "fakeLabel", "generatorTarget"]) {
        const message = `'${name}' must be absent with the loss ${loss}, found 1`;
        assertThrows(() => step({ loss, [name]: 1 }), RangeError, message);
      }
    }
    assertThrows(
      () => step({ loss: "wgan" as never }),
      RangeError,
      "the loss must be one of non-saturating, ",
    );
    for (const clip of [-1, NaN, Infinity]) {
      assertThrows(() => step({ clip }), RangeError, `the norm must be above 0 and finite, found ${clip}`);
    }
    for (const gamma of [-1, NaN, Infinity]) {
      for (const name of ["r1", "r2"]) {
        assertThrows(
          () => step({ [name]: gamma }),
          RangeError,
          `a gamma must be a finite number of at least 0`,
        );
      }
    }
  },
);

gpuTest("trainingStep() launches nothing for a network with nothing to train", (device) => {
  const networks = makeAdversaries(device);
  using frozen = new Network(device, new Linear(1, 1).freeze());
  const sgd = (network: Network) => new Sgd(network, { learningRate: RATE });
  const batch = makeBatch(device);
  for (const name of ["discriminator", "generator"] as const) {
    for (const options of [{}, { r1: 1 }]) {
      const both = { ...networks, [name]: frozen };
      const optimizers = { generator: sgd(both.generator), discriminator: sgd(both.discriminator) };
      using program = device.program({}, () => {
        const sentence = `Cannot take a training step: the ${name} must have a parameter to train`;
        assertThrows(() => trainingStep(both, optimizers, batch, options), RangeError, sentence);
        return {};
      });
      assertEquals(program.stats.launches, 0);
    }
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

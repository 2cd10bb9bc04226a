import { assertEquals, assertThrows } from "@std/assert";
import { Adam, type AdamOptions } from "../../../src/nn/optimizers/adam.ts";
import { AdamW, type AdamWOptions } from "../../../src/nn/optimizers/adamw.ts";
import type { FlatParameters, Optimizer } from "../../../src/nn/optimizers/optimizer.ts";
import { RmsProp, type RmsPropOptions } from "../../../src/nn/optimizers/rmsprop.ts";
import { Sgd, type SgdOptions } from "../../../src/nn/optimizers/sgd.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { adamReference, adamWReference, rmsPropReference, sgdReference } from "../../oracles/optimizers.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const LENGTH = 131;
const STEPS = 12;
const TOLERANCE = { relative: 1e-5, absolute: 2e-7 };

type Make = (parameters: FlatParameters) => Optimizer;

/** Gradients over many magnitudes, with elements that never get one. */
function randomGradients(): Float64Array[] {
  return Array.from(
    { length: STEPS },
    (_, step) =>
      randomValues(LENGTH, 50 + step, [-1, 1]).map((value, i) =>
        i % 7 === 0 ? 0 : Math.fround(value * 10 ** (i % 9 - 5))
      ),
  );
}

function flatParameters(device: Device): FlatParameters {
  return { values: device.tensor(randomValues(LENGTH, 1, [-1, 1])), gradients: device.state([LENGTH]) };
}

/** Values after each of the gradients was stepped through, in a program recorded once. */
async function trainOnGpu(device: Device, make: Make): Promise<Float32Array> {
  const parameters = flatParameters(device);
  const optimizer = make(parameters);
  using program = device.program({}, () => optimizer.step());
  for (const gradient of randomGradients()) {
    parameters.gradients.set(gradient);
    program.run();
  }
  return await parameters.values.data();
}

const adamSweep: AdamOptions[] = [
  {},
  { learningRate: 2e-4, betas: [0.5, 0.999] },
  { learningRate: 0.01, betas: [0, 0.9], eps: 1e-3, weightDecay: 0.1 },
];
const adamWSweep: AdamWOptions[] = [
  {},
  { learningRate: 2e-4, betas: [0.5, 0.999], weightDecay: 0 },
  { learningRate: 0.01, betas: [0, 0.9], eps: 1e-3, weightDecay: 5 },
];
const sgdSweep: SgdOptions[] = [
  {},
  { learningRate: 0.05, weightDecay: 0.1 },
  { learningRate: 0.01, momentum: 0.9 },
  { learningRate: 0.01, momentum: 0.9, weightDecay: 0.01, nesterov: true },
];
const rmsPropSweep: RmsPropOptions[] = [
  {},
  { learningRate: 0.001, alpha: 0.9, eps: 1e-4, weightDecay: 0.1 },
  { learningRate: 0.001, momentum: 0.9 },
];
gpuTest("optimizers take the scale out of scaled gradients", async (device) => {
  const scale = 1024;
  const makes: Record<string, Make> = {
    Adam: (parameters) => new Adam(parameters, { weightDecay: 0.1 }),
    AdamW: (parameters) => new AdamW(parameters, { weightDecay: 0.1 }),
    Sgd: (parameters) => new Sgd(parameters, { weightDecay: 0.1 }),
    RmsProp: (parameters) => new RmsProp(parameters, { weightDecay: 0.1 }),
  };
  for (const [name, make] of Object.entries(makes)) {
    const run = async (gradientScale?: number) => {
      const parameters = { ...flatParameters(device), ...(gradientScale ? { gradientScale } : {}) };
      using optimizer = make(parameters);
      for (const gradient of randomGradients()) {
        parameters.gradients.set(gradient.map((value) => value * (gradientScale ?? 1)));
        optimizer.step();
      }
      return await parameters.values.data();
    };
    assertClose(await run(scale), await run(), { relative: 1e-6, absolute: 1e-7 }, name);
  }
});

const optimizers = {
  Adam: {
    sweep: adamSweep,
    make: (parameters: FlatParameters, options: AdamOptions) => new Adam(parameters, options),
    reference: adamReference,
  },
  AdamW: {
    sweep: adamWSweep,
    make: (parameters: FlatParameters, options: AdamWOptions) => new AdamW(parameters, options),
    reference: adamWReference,
  },
  Sgd: {
    sweep: sgdSweep,
    make: (parameters: FlatParameters, options: SgdOptions) => new Sgd(parameters, options),
    reference: sgdReference,
  },
  RmsProp: {
    sweep: rmsPropSweep,
    make: (parameters: FlatParameters, options: RmsPropOptions) => new RmsProp(parameters, options),
    reference: rmsPropReference,
  },
};

for (const [name, { sweep, make, reference }] of Object.entries(optimizers)) {
  gpuTest(`${name}.step() agrees with its reference over ${STEPS} steps`, async (device) => {
    for (const options of sweep) {
      const expected = randomValues(LENGTH, 1, [-1, 1]);
      reference(expected, randomGradients(), options);
      const actual = await trainOnGpu(device, (parameters) => make(parameters, options));
      assertClose(actual, expected, TOLERANCE, `${name} ${JSON.stringify(options)}`);
    }
  });

  gpuTest(`${name}.step() leaves zeros without gradient as zeros`, async (device) => {
    for (const options of sweep) {
      const parameters = { values: device.state([64]), gradients: device.state([64]) };
      const optimizer = make(parameters, options);
      for (let step = 0; step < 3; step++) optimizer.step();
      assertEquals(await parameters.values.data(), new Float32Array(64), JSON.stringify(options));
    }
  });

  gpuTest(`${name}.state() restores byte for byte`, async (device) => {
    const options = sweep.at(-1)!;
    const straight = await trainOnGpu(device, (parameters) => make(parameters, options));

    const parameters = flatParameters(device);
    let optimizer = make(parameters, options);
    for (const [step, gradient] of randomGradients().entries()) {
      if (step === 5) {
        const saved = Object.entries(optimizer.state());
        const values = await device.read(saved.map(([, tensor]) => tensor));
        optimizer[Symbol.dispose]();
        optimizer = make(parameters, { ...options, learningRate: 1 });
        const fresh = optimizer.state();
        for (const [position, [key]] of saved.entries()) fresh[key]!.set(values[position]!);
      }
      parameters.gradients.set(gradient);
      optimizer.step();
    }
    assertEquals(await parameters.values.data(), straight);
  });

  gpuTest(`${name}.setLearningRate() changes programs recorded before`, async (device) => {
    const parameters = flatParameters(device);
    const before = await parameters.values.data();
    const optimizer = make(parameters, {});
    using program = device.program({}, () => optimizer.step());
    parameters.gradients.set(randomGradients()[0]!);
    optimizer.setLearningRate(0);
    program.run();
    assertEquals(await parameters.values.data(), before);
    optimizer.setLearningRate(0.1);
    program.run();
    const after = await parameters.values.data();
    assertEquals(after.filter((value, i) => value !== before[i]).length > LENGTH / 2, true);
  });
}

gpuTest("Adam counts its steps and corrects for them", async (device) => {
  using adam = new Adam(flatParameters(device), { betas: [0.5, 0.999] });
  using program = device.program({}, () => adam.step());
  for (let step = 0; step < 300; step++) program.run();
  const { step, bias_corrections: corrections } = adam.state();
  assertEquals(await step!.item(), 300);
  assertClose(
    await corrections!.data(),
    [1, 1 - 0.999 ** 300],
    { relative: 2e-5, absolute: 0 },
    "corrections",
  );
});

gpuTest("AdamW without weight decay is Adam, byte for byte", async (device) => {
  const options = { learningRate: 0.01, betas: [0.5, 0.9], weightDecay: 0 } as const;
  const adam = await trainOnGpu(device, (parameters) => new Adam(parameters, options));
  assertEquals(await trainOnGpu(device, (parameters) => new AdamW(parameters, options)), adam);
});

gpuTest("optimizers update a whole network in few launches", (device) => {
  const parameters = { values: device.state([100_000]), gradients: device.state([100_000]) };
  const launches = (optimizer: Optimizer) => {
    using program = device.program({}, () => optimizer.step());
    return program.stats.launches;
  };
  assertEquals(launches(new Adam(parameters)), 2);
  assertEquals(launches(new AdamW(parameters)), 2);
  assertEquals(launches(new Sgd(parameters, { momentum: 0.9 })), 1);
  assertEquals(launches(new RmsProp(parameters)), 1);
});

gpuTest("optimizers refuse what they cannot work with", (device) => {
  const parameters = flatParameters(device);
  const cases: [() => unknown, string][] = [
    [() => new Adam(parameters, { betas: [0.9, 1] }), "'betas[1]' must be at least 0 and below 1, found 1"],
    [() => new Adam(parameters, { eps: 0 }), "'eps' must be above 0 and finite, found 0"],
    [
      () => new Adam(parameters, { eps: 1e-40 }),
      "'eps' must be above 0 and finite, found 1e-40, as a 32-bit float 0",
    ],
    [
      () => new Sgd(parameters, { learningRate: 1e39 }),
      "'learningRate' must be at least 0 and finite, found 1e+39, as a 32-bit float Infinity",
    ],
    [
      () => new Sgd({ ...parameters, gradientScale: 0 }),
      "'gradientScale' must be above 0 and finite, found 0",
    ],
    [
      () => new RmsProp({ ...parameters, gradientScale: NaN }),
      "'gradientScale' must be above 0 and finite, found NaN",
    ],
    [
      () => new Adam(parameters, { learningRate: NaN }),
      "'learningRate' must be at least 0 and finite, found NaN",
    ],
    [
      () => new Adam(parameters).setLearningRate(-1),
      "'learningRate' must be at least 0 and finite, found -1",
    ],
    [() => new Sgd(parameters, { nesterov: true }), "'momentum' must be above 0 and finite, found 0"],
    [() => new RmsProp(parameters, { alpha: 1.5 }), "'alpha' must be at least 0 and below 1, found 1.5"],
    [
      () => new Sgd({ ...parameters, gradients: device.state([4]) }),
      `found values of shape [${LENGTH}] and gradients of shape [4]`,
    ],
  ];
  for (const [run, message] of cases) assertThrows(run, RangeError, message);
});

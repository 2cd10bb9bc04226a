import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Device } from "../../../src/gpu/mod.ts";
import {
  Adam,
  AdamW,
  type FlatParameters,
  gradientNorm,
  GradientScaling,
  type Optimizer,
  RmsProp,
  Sgd,
} from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const MAKES: Record<string, (parameters: FlatParameters) => Optimizer & { stepWithNorm: object }> = {
  Adam: (parameters) => new Adam(parameters, { weightDecay: 0.1 }),
  AdamW: (parameters) => new AdamW(parameters),
  Sgd: (parameters) => new Sgd(parameters, { momentum: 0.9 }),
  RmsProp: (parameters) => new RmsProp(parameters),
};

/** The same device, as if it were a graphics card or a processor, or could bind so many bytes at most. */
function deviceLike(device: Device, software: boolean, bindable?: number): Device {
  const limits = { ...device.adapter.limits };
  if (bindable) limits.maxStorageBufferBindingSize = bindable;
  return new Device(device.gpu, { ...device.adapter, limits, software }, device.capabilities);
}

const given = (length: number, seed: number) =>
  randomValues(length, seed, [-1, 1]).map((value, i) => Math.fround(value * 10 ** (i % 5 - 2)));

function row(device: Device, length: number, other: Partial<FlatParameters> = {}): FlatParameters {
  const values = device.state([length]);
  values.set(given(length, 1));
  return { values, gradients: device.state([length]), ...other };
}

/** Values and state of an optimizer after three updates, and the norms, or those that gradientNorm() finds. */
async function threeUpdates(
  parameters: FlatParameters,
  optimizer: Optimizer,
  how: "step" | "stepWithNorm",
  gradient = (step: number) => given(parameters.values.size, 10 + step),
): Promise<{ norms: number[]; bytes: ArrayLike<number>[] }> {
  const norms: number[] = [];
  for (let step = 0; step < 3; step++) {
    parameters.gradients.set(gradient(step));
    if (how === "stepWithNorm") norms.push(await optimizer.stepWithNorm!().item());
    else {
      norms.push(await gradientNorm(parameters).item());
      optimizer.step();
    }
  }
  const tensors = [parameters.values, ...Object.values(optimizer.state()), optimizer.faults!];
  return { norms, bytes: await parameters.values.device.read(tensors) };
}

gpuTest(
  "stepWithNorm() updates as step() does, byte for byte, and gives the norm of gradientNorm()",
  async (device) => {
    for (const [name, make] of Object.entries(MAKES)) {
      for (const software of [true, false]) {
        for (const length of [1, 131, 70_001]) {
          const like = deviceLike(device, software);
          const one = row(like, length);
          const other = row(like, length);
          const expected = await threeUpdates(one, make(one), "step");
          const found = await threeUpdates(other, make(other), "stepWithNorm");
          assertEquals(found.bytes, expected.bytes, `${name}, ${length}, software ${software}`);
          found.norms.forEach((norm, i) => assertAlmostEquals(norm / expected.norms[i]!, 1, 1e-6, name));
          like.ledger.destroyAll();
        }
      }
    }
  },
);

gpuTest("stepWithNorm() is two launches with corrections or without, and step() two or one", (device) => {
  for (const [make, steps] of [[MAKES.Adam!, 2], [MAKES.Sgd!, 1]] as const) {
    const optimizer = make(row(device, 20_000));
    using plain = device.program({}, () => optimizer.step());
    using withNorm = device.program({}, () => ({ norm: optimizer.stepWithNorm!() }));
    assertEquals([plain.stats.launches, withNorm.stats.launches], [steps, 2]);
  }
});

gpuTest("stepWithNorm() takes rows that a kernel cannot bind at once", async (device) => {
  const small = deviceLike(device, true, 4 * 10_000);
  const [one, other] = [row(small, 47_003), row(small, 47_003)];
  const expected = await threeUpdates(one, new Adam(one), "step");
  const found = await threeUpdates(other, new Adam(other), "stepWithNorm");
  assertEquals(found.bytes, expected.bytes);
  found.norms.forEach((norm, i) => assertAlmostEquals(norm / expected.norms[i]!, 1, 1e-6));
  small.ledger.destroyAll();
});

gpuTest("stepWithNorm() gives the norm of the true gradients of those that are trained", async (device) => {
  const scaled = row(device, 256, { gradientScale: 256 });
  scaled.gradients.set([3 * 256, -4 * 256, ...new Array(254).fill(0)]);
  assertEquals(await new Adam(scaled).stepWithNorm().item(), 5);
  const frozen = row(device, 256, { trained: [{ start: 128, length: 64 }] });
  frozen.gradients.set(new Array(256).fill(0).with(0, 100).with(130, 3).with(140, 4).with(200, 7));
  assertEquals(await new Adam(frozen).stepWithNorm().item(), 5);
});

gpuTest(
  "stepWithNorm() skips an update whose gradients overflow 16 bits, and gives a norm that is not finite",
  async (device) => {
    using gradientScaling = new GradientScaling(device);
    const parameters = row(device, 300, { gradientScaling });
    using adam = new Adam(parameters);
    const before = await parameters.values.data();
    parameters.gradients.set(new Array(300).fill(1).with(299, Infinity));
    assert(!Number.isFinite(await adam.stepWithNorm().item()));
    assertEquals(await parameters.values.data(), before);
    assertEquals([await adam.state().step!.item(), await adam.faults.item()], [0, 0]);
    parameters.gradients.set(new Array(300).fill(0).with(0, 3 * 1024).with(299, 4 * 1024));
    assertEquals(await adam.stepWithNorm().item(), 5);
    assertEquals([await adam.state().step!.item(), await adam.faults.item()], [1, 0]);
  },
);

gpuTest("stepWithNorm() tells exploding, vanished and broken gradients apart", async (device) => {
  const norm = async (gradients: number[]) => {
    const parameters = row(device, gradients.length);
    parameters.gradients.set(gradients);
    return await new Sgd(parameters, { learningRate: 0 }).stepWithNorm().item();
  };
  assertAlmostEquals(await norm([3e30, 0, -4e30]) / 5e30, 1, 1e-6);
  assertAlmostEquals(await norm([3e-12, 0, -4e-12]) / 5e-12, 1, 1e-6);
  assertEquals(await norm([0, 0, 0]), 0);
  for (const bad of [NaN, Infinity, -Infinity]) assert(!Number.isFinite(await norm([1, bad])), `${bad}`);
});

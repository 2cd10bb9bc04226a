import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device } from "../../../src/gpu/mod.ts";
import { clipGradientNorm, gradientNorm, GradientScaling } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

/** The norm of numbers, in 64 bits. */
const normOf = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));

/** Numbers of many magnitudes. */
const given = (length: number): Float64Array =>
  randomValues(length, length, [-1, 1]).map((value, i) => Math.fround(value * 10 ** (i % 5 - 2)));

/** The same device, as if it were a graphics card or a processor, or could bind so many bytes at most. */
function deviceLike(device: Device, software: boolean, bindable?: number): Device {
  const limits = { ...device.adapter.limits };
  if (bindable) limits.maxStorageBufferBindingSize = bindable;
  return new Device(device.gpu, { ...device.adapter, limits, software }, device.capabilities);
}

gpuTest(
  "gradientNorm() agrees with 64 bits at every length, on processors and graphics cards",
  async (device) => {
    for (const software of [true, false]) {
      const like = deviceLike(device, software);
      for (const length of [1, 3, 131, 8191, 8192, 8193, 70_001, 3_000_001]) {
        const values = given(length);
        using gradients = like.state([length]);
        gradients.set(values);
        const norm = await gradientNorm({ gradients }).item();
        assertAlmostEquals(norm / normOf(values), 1, 1e-6, `${length}, software ${software}`);
        assertEquals(await gradients.data(), Float32Array.from(values));
      }
      like.ledger.destroyAll();
    }
  },
);

gpuTest("gradientNorm() is two launches, and what clipGradientNorm() returns", async (device) => {
  const values = given(20_000);
  const gradients = device.state([values.length]);
  using program = device.program({}, () => ({ norm: gradientNorm({ gradients }) }));
  assertEquals(program.stats.launches, 2);
  gradients.set(values);
  program.run();
  const norm = await program.outputs.norm.item();
  assertEquals(await clipGradientNorm({ gradients }, norm / 2).item(), norm);
  program.run();
  assertAlmostEquals(await program.outputs.norm.item(), norm / 2, 1e-5 * norm);
});

gpuTest("gradientNorm() takes rows that a kernel cannot bind at once", async (device) => {
  const small = deviceLike(device, true, 4 * 10_000);
  const values = given(47_003);
  using gradients = small.state([values.length]);
  gradients.set(values);
  assertAlmostEquals(await gradientNorm({ gradients }).item() / normOf(values), 1, 1e-6);
  small.ledger.destroyAll();
});

gpuTest("gradientNorm() is that of the true gradients where they are scaled", async (device) => {
  using gradientScaling = new GradientScaling(device);
  gradientScaling.values.set([256, 1 / 256, 0, 0]);
  const gradients = device.tensor([3 * 256, -4 * 256]);
  assertEquals(await gradientNorm({ gradients, gradientScale: 256 }).item(), 5);
  assertEquals(await gradientNorm({ gradients, gradientScaling }).item(), 5);
});

gpuTest("gradientNorm() tells exploding, vanished and broken gradients apart", async (device) => {
  const norm = (values: number[]) => gradientNorm({ gradients: device.tensor(values) }).item();
  assertAlmostEquals(await norm([3e30, 0, -4e30]) / 5e30, 1, 1e-6);
  assertAlmostEquals(await norm([3e-12, 0, -4e-12]) / 5e-12, 1, 1e-6);
  assertEquals(await norm([0, 0, 0]), 0);
  for (const bad of [NaN, Infinity, -Infinity]) assert(!Number.isFinite(await norm([1, bad])), `${bad}`);
});

gpuTest("gradientNorm() refuses what is no row", (device) => {
  const gradients = device.tensor([1, 2]);
  assertThrows(
    () => gradientNorm({ gradients: device.tensor([[1, 2]]) }),
    RangeError,
    "Cannot compute a norm of gradients: they must be of a shape [length], found [1, 2]",
  );
  assertThrows(
    () => gradientNorm({ gradients: device.tensor([1], { dtype: "u32" }) }),
    TypeError,
    "Cannot compute a norm of gradients: they must be f32, found u32",
  );
  for (const gradientScale of [0, -1, NaN, Infinity, 1e-50]) {
    assertThrows(
      () => gradientNorm({ gradients, gradientScale }),
      RangeError,
      `the scale must be above 0 and finite, found ${gradientScale}`,
    );
  }
});

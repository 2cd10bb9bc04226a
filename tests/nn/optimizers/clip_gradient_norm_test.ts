import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device } from "../../../src/gpu/mod.ts";
import { Adam, clipGradientNorm, FAULTS, GradientScaling, SCALING, Sgd } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

/** The norm of numbers, in 64 bits. */
const normOf = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));

/** Numbers of many magnitudes. */
const gradientsOf = (length: number): Float64Array =>
  randomValues(length, length, [-1, 1]).map((value, i) => Math.fround(value * 10 ** (i % 5 - 2)));

gpuTest("clipGradientNorm() agrees with 64 bits, whatever the length", async (device) => {
  for (const length of [1, 3, 131, 8191, 8192, 8193, 70_001, 1_000_003]) {
    const given = gradientsOf(length);
    const norm = normOf(given);
    for (const maxNorm of [norm / 7, norm * 1.01]) {
      const gradients = device.tensor(given);
      const found = clipGradientNorm({ gradients }, maxNorm);
      assertAlmostEquals(await found.item() / norm, 1, 1e-6);
      const factor = Math.min(1, maxNorm / (norm + 1e-6));
      const label = `${length} gradients clipped to ${maxNorm}`;
      const clipped = await gradients.data();
      if (factor === 1) assert(clipped.every((value, i) => value === given[i]), label);
      else assertClose(clipped, given.map((value) => value * factor), { relative: 2e-6, absolute: 0 }, label);
      gradients.dispose();
    }
  }
});

gpuTest(
  "clipGradientNorm() is part of a program, in three launches, and gives the same bytes",
  async (device) => {
    const gradients = device.state([20_000]);
    using program = device.program({}, () => ({ norm: clipGradientNorm({ gradients }, 2) }));
    assertEquals(program.stats.launches, 3);
    const run = async (values: Float64Array) => {
      gradients.set(values);
      program.run();
      return [await program.outputs.norm.item(), await gradients.data()] as const;
    };
    const first = await run(gradientsOf(20_000));
    const [small, kept] = await run(gradientsOf(20_000).fill(1e-3));
    assertAlmostEquals(small, 1e-3 * Math.sqrt(20_000), 1e-6);
    assertEquals(kept, new Float32Array(20_000).fill(1e-3));
    assertEquals(await run(gradientsOf(20_000)), first);
  },
);

gpuTest("clipGradientNorm() counts and clips no number behind the last one", async (device) => {
  const row = device.tensor(new Float32Array(256).fill(2));
  for (const length of [1, 2, 3, 5, 130]) {
    row.set(new Float32Array(256).fill(2));
    const norm = clipGradientNorm({ gradients: device.slice(row, 0, [length]) }, 1);
    assertAlmostEquals(await norm.item() / (2 * Math.sqrt(length)), 1, 1e-6);
    const values = await row.data();
    assertEquals([values[length - 1]! < 1.01, values[length]], [true, 2]);
  }
});

gpuTest("clipGradientNorm() takes rows that a kernel cannot bind at once", async (device) => {
  const limits = { ...device.adapter.limits, maxStorageBufferBindingSize: 4 * 10_000 };
  const small = new Device(device.gpu, { ...device.adapter, limits }, device.capabilities);
  {
    const given = gradientsOf(47_003);
    using gradients = small.state([given.length]);
    gradients.set(given);
    using norm = clipGradientNorm({ gradients }, 1);
    assertAlmostEquals(await norm.item() / normOf(given), 1, 1e-6);
    assertAlmostEquals(normOf(await gradients.data()), 1, 1e-5);
  }
  small.ledger.destroyAll();
});

gpuTest("clipGradientNorm() clips gradients whose squares are too large for a float", async (device) => {
  for (const size of [1e18, 3e19, 1e37]) {
    const gradients = device.tensor([3 * size, 0, -4 * size, 0, 0]);
    const norm = await clipGradientNorm({ gradients }, 10).item();
    assertAlmostEquals(norm / (5 * size), 1, 1e-6);
    assertClose(await gradients.data(), [6, 0, -8, 0, 0], { relative: 1e-5, absolute: 0 }, `${size}`);
  }
});

gpuTest("clipGradientNorm() leaves NaN and infinity for the optimizer to find", async (device) => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const values = device.tensor(new Float32Array(9000));
    const given = new Float32Array(9000).fill(0.5).with(8999, bad);
    const gradients = device.tensor(given);
    using adam = new Adam({ values, gradients });
    const norm = await clipGradientNorm({ gradients }, 1).item();
    assert(!Number.isFinite(norm));
    assertEquals(await gradients.data(), given);
    adam.step();
    assertEquals(await adam.faults.item() & FAULTS.gradients, FAULTS.gradients);
  }
});

gpuTest("clipGradientNorm() leaves it to f16 networks to skip what overflows", async (device) => {
  using scaling = new GradientScaling(device);
  const gradients = device.tensor([1, Infinity, 2]);
  const values = device.tensor([1, 2, 3]);
  using adam = new Adam({ values, gradients, gradientScaling: scaling });
  scaling.next();
  clipGradientNorm({ gradients, gradientScaling: scaling }, 1);
  adam.step();
  assertEquals([...await values.data()], [1, 2, 3]);
  assertEquals([await adam.faults.item(), (await scaling.values.data())[SCALING.skip]], [0, 1]);
});

gpuTest("clipGradientNorm() goes by the true gradients where they are scaled", async (device) => {
  using scaling = new GradientScaling(device);
  scaling.values.set([256, 1 / 256, 0, 0]);
  for (
    const [scale, how] of [[1024, { gradientScale: 1024 }], [256, { gradientScaling: scaling }]] as const
  ) {
    for (const [maxNorm, left] of [[1, 1], [100, 5]] as const) {
      const parameters = {
        values: device.tensor([0, 0, 0]),
        gradients: device.tensor([3 * scale, 0, -4 * scale]),
        ...how,
      };
      using sgd = new Sgd(parameters, { learningRate: 1 });
      assertAlmostEquals(await clipGradientNorm(parameters, maxNorm).item(), 5, 1e-5);
      assertClose(
        await parameters.gradients.data(),
        [0.6 * scale * left, 0, -0.8 * scale * left],
        { relative: 1e-5, absolute: 0 },
        "they stay scaled",
      );
      sgd.step();
      assertAlmostEquals(normOf(await parameters.values.data()), left, 1e-5);
    }
  }
});

gpuTest("clipGradientNorm() refuses what it cannot clip", (device) => {
  const gradients = device.tensor([1, 2]);
  for (const maxNorm of [0, -1, NaN, Infinity, 1e-50, 1e39]) {
    assertThrows(
      () => clipGradientNorm({ gradients }, maxNorm),
      RangeError,
      `Cannot clip gradients: the norm must be above 0 and finite, found ${maxNorm}`,
    );
  }
  assertThrows(
    () => clipGradientNorm({ gradients: device.tensor([[1, 2]]) }, 1),
    RangeError,
    "Cannot clip gradients: they must be of a shape [length], found [1, 2]",
  );
  assertThrows(
    () => clipGradientNorm({ gradients: device.tensor([1], { dtype: "u32" }) }, 1),
    TypeError,
    "Cannot clip gradients: they must be f32, found u32",
  );
});

import { assertEquals, assertThrows } from "@std/assert";
import { addNoise, type AddNoiseOptions, fill, hostNormal } from "../../../src/gpu/mod.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("addNoise() adds the numbers of hostNormal() from a place on, with gradients", async (device) => {
  const draw = { seed: 5, stream: 2, counter: 7 };
  for (const [shape, first] of [[[2, 3, 5, 3], 0], [[1], 8], [[50, 61], 4000]] as const) {
    const size = shape.reduce((a: number, b) => a * b, 1);
    const noise = hostNormal(first + size, draw).subarray(first);
    await checkOp(device, {
      inputs: { x: { shape: [...shape] } },
      halves: ["x"],
      op: ({ x }) => addNoise(x, { deviation: 0.3, first, ...draw }),
      reference: ({ x }) => x.map((value, at) => value + 0.3 * noise[at]!),
      shape: [...shape],
    });
  }
});

gpuTest("addNoise() gives the parts of something the noise of the whole", async (device) => {
  const noise = (size: number, first: number) =>
    addNoise(fill(device, [size], 0), { deviation: 1, first, seed: 1 }).data();
  const whole = await noise(100, 0);
  assertEquals([...await noise(48, 0), ...await noise(52, 48)], [...whole]);
  assertEquals(whole, hostNormal(100, { seed: 1 }));
});

gpuTest("addNoise() draws anew in each run of a program, of a deviation that may change", async (device) => {
  using deviation = device.state([1]);
  using program = device.program({ x: [8] }, ({ x }) => ({ y: addNoise(x, { deviation, seed: 3 }) }));
  for (const [run, value] of [2, 0, 0.5].entries()) {
    deviation.set([value]);
    program.run({ x: new Float32Array(8).fill(1) });
    const expected = hostNormal(8, { seed: 3, counter: run }).map((noise) => 1 + value * noise);
    assertEquals(await program.outputs.y.data(), expected);
  }
});

gpuTest("addNoise() reaches the end of a tensor with more quads than a grid is long", async (device) => {
  const [size, last] = [2 ** 24 + 640, 64];
  const options = { deviation: 1, seed: 1 };
  const y = addNoise(fill(device, [size], 0), options);
  const end = addNoise(fill(device, [last], 0), { ...options, first: size - last });
  assertEquals(await device.slice(y, size - last, [last]).data(), await end.data());
});

gpuTest("addNoise() refuses what is out of range", (device) => {
  const x = device.tensor([1, 2]);
  const expect = (
    options: Partial<AddNoiseOptions>,
    kind: typeof TypeError | typeof RangeError,
    found: string,
  ) => assertThrows(() => addNoise(x, { deviation: 1, seed: 1, ...options }), kind, found);
  for (const deviation of [-1, NaN, Infinity]) {
    expect(
      { deviation },
      RangeError,
      `the deviation must be a finite number of at least 0, found ${deviation}.`,
    );
  }
  for (const first of [2, -4, 0.5, 2 ** 32]) {
    expect({ first }, RangeError, `'first' must be a multiple of 4 from 0 to 4294967292, found ${first}.`);
  }
  expect({ deviation: device.tensor([1, 2]) }, TypeError, "a number or one f32, found f32 [2].");
  expect({ deviation: device.tensor([1], { dtype: "u32" }) }, TypeError, "found u32 [1].");
});

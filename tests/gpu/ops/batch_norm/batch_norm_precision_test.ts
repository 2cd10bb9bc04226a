import { assertEquals } from "@std/assert";
import { batchNorm, map } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { batchNormReference } from "../../../oracles/batch_norm.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

gpuTest("batchNorm() takes a single row for a batch of variance 0", async (device) => {
  const runningMean = device.tensor([0, 0, 0, 0]);
  const runningVariance = device.tensor([1, 1, 1, 1]);
  const x = device.tensor([[1, -2, 3e5, 0]]);
  const y = batchNorm(x, device.tensor([1, 2, 3, 4]), device.tensor([5, 6, 7, 8]), {
    training: true,
    momentum: 0.5,
    runningMean,
    runningVariance,
  });
  const [dx] = gradients([y], [x]);
  const values = await device.read([y, runningMean, runningVariance, dx!]);
  assertEquals(values.map((found) => [...found]), [[5, 6, 7, 8], [0.5, -1, 1.5e5, 0], [0.5, 0.5, 0.5, 0.5], [
    0,
    0,
    0,
    0,
  ]]);
});

gpuTest("batchNorm() gives constant channels exactly their shift", async (device) => {
  const x = map(
    "constant",
    { x: device.tensor(new Float32Array(1000 * 4), { shape: [1000, 4] }) },
    "x + 0.1",
  );
  const y = batchNorm(x, device.tensor([1, 1, 1, 1]), device.tensor([1, 2, 3, 4]), { training: true });
  assertEquals([...await y.data()], Array.from({ length: 4000 }, (_, index) => index % 4 + 1));
});

gpuTest("batchNorm() keeps its precision far from zero and over many rows", async (device) => {
  for (const channels of [1, 4]) {
    const values = randomValues(100_000 * channels, 5, [-1, 1]).map((value) => Math.fround(value + 1000));
    const ones = new Float64Array(channels).fill(1);
    const zeros = new Float64Array(channels);
    const seed = randomValues(values.length, 6, [-1, 1]);
    const { y: expected, variance } = batchNormReference(values, ones, zeros);
    const x = device.tensor(values, { shape: [100_000, channels] });
    const [weight, bias] = [device.tensor(ones), device.tensor(zeros)];
    const y = batchNorm(x, weight, bias, { training: true });
    const found = gradients([y], [weight, bias], { seeds: [device.tensor(seed, { shape: y.shape })] });
    const [result, ofWeight, ofBias] = await device.read([y, ...found]);
    // Half a unit in the last place of the mean, 3e-5, is what 32 bits leave.
    assertClose(
      result!,
      expected,
      { relative: 0, absolute: 6e-5 / Math.sqrt(variance[0]!) },
      `channels ${channels}`,
    );
    const sums = [new Float64Array(channels), new Float64Array(channels)];
    for (const [index, value] of seed.entries()) {
      sums[0]![index % channels]! += value * expected[index]!;
      sums[1]![index % channels]! += value;
    }
    assertClose(ofWeight!, sums[0]!, { relative: 0, absolute: 0.02 }, "gradient of weight");
    assertClose(ofBias!, sums[1]!, { relative: 0, absolute: 1e-3 }, "gradient of bias");
  }
});

gpuTest("batchNorm() turns NaN into NaN, in its own channel only", async (device) => {
  const x = device.tensor([[NaN, 1], [1, -1]]);
  const y = batchNorm(x, device.tensor([1, 1]), device.tensor([0, 0]), {
    training: true,
    activation: { type: "relu" },
  });
  const values = await y.data();
  assertEquals([...values].map(Number.isNaN), [true, false, true, false]);
});

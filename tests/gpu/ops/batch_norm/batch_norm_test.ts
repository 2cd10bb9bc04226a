import { assertEquals, assertThrows } from "@std/assert";
import { batchNorm, type Device, type Tensor } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { batchNormReference } from "../../../oracles/batch_norm.ts";
import { checkOp } from "../../../support/check_op.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { onCard, onProcessor } from "../../../support/other_adapters.ts";
import { randomValues } from "../../../support/random.ts";
import { ACTIVATIONS, checkTraining, SHAPES, splitAt } from "./batch_norm_cases.ts";

gpuTest("batchNorm() agrees with its reference in training", async (device) => {
  for (const shape of SHAPES) await checkTraining(device, shape);
});

gpuTest("batchNorm() applies an activation, and its gradient", async (device) => {
  for (const activation of ACTIVATIONS) {
    for (const shape of [[9, 5], [2, 3, 5, 8]]) {
      await checkTraining(device, shape, activation && { activation });
    }
  }
});

gpuTest("batchNorm() keeps the statistics of groups apart", async (device) => {
  await checkTraining(device, [2, 3], { groups: 2 });
  await checkTraining(device, [6, 3, 5], { groups: 3, activation: { type: "leaky_relu", slope: 0.2 } });
  await checkTraining(device, [4, 7, 11, 8], { groups: 2, activation: { type: "relu" } });
  await checkTraining(device, [600, 36], { groups: 2 });
});

gpuTest("batchNorm() agrees with its reference in evaluation", async (device) => {
  for (const activation of ACTIVATIONS) {
    // On a processor, workgroups take whole rows of 64 and 128 channels
    for (const shape of [[1, 3], [2, 3, 5, 8], [3, 7, 64], [5, 128], [2, 5, 256]]) {
      const channels = shape.at(-1)!;
      const options = activation ? { activation } : {};
      const mean = randomValues(channels, 90, [-1, 1]);
      const variance = randomValues(channels, 91, [0.1, 2]);
      const [runningMean, runningVariance] = [device.tensor(mean), device.tensor(variance)];
      await checkOp(device, {
        inputs: { x: { shape }, weight: { shape: [channels] }, bias: { shape: [channels] } },
        halves: ["x"],
        op: ({ x, weight, bias }) =>
          batchNorm(x, weight, bias, { training: false, runningMean, runningVariance, ...options }),
        reference: ({ x, weight, bias }) =>
          batchNormReference(x, weight, bias, { mean, variance, ...options }).y,
        gradientTolerance: { relative: 1e-4, absolute: 1e-4 },
      });
    }
  }
});

gpuTest("batchNorm() in groups does what a call for each of them does", async (device) => {
  const run = async (on: Device, [rows, channels]: [number, number], groups: number) => {
    using _scope = on.scope();
    const size = 2 * rows * channels;
    const values = randomValues(size, 7, [-1, 3]).map((value, index) => 2 * index < size ? value : 2 * value);
    const seeds = splitAt(randomValues(size, 8, [-1, 1]), 2 / groups);
    const weight = on.tensor(randomValues(channels, 9, [0.5, 2]));
    const bias = on.tensor(randomValues(channels, 10, [-1, 1]));
    const running = {
      runningMean: on.tensor(new Float32Array(channels)),
      runningVariance: on.tensor(new Float32Array(channels).fill(1)),
      batchesTracked: on.tensor([5], { dtype: "u32" }),
    };
    const calls = splitAt(values, 2 / groups).map((part, position) => {
      const shape = [part.length / channels, channels];
      const x = on.tensor(part, { shape });
      const y = batchNorm(x, weight, bias, { training: true, groups, ...running });
      const wanted = gradients([y], [x, weight, bias], { seeds: [on.tensor(seeds[position]!, { shape })] });
      return [y, ...wanted];
    });
    const results = await Promise.all(calls.map((tensors) => on.read(tensors)));
    const joined = (index: number) => results.flatMap((found) => [...found[index]!]);
    const sum = (index: number) =>
      Array.from(
        { length: channels },
        (_, c) => results.reduce((total, found) => total + found[index]![c]!, 0),
      );
    const [mean, variance, batches] = await on.read(Object.values(running));
    return { y: joined(0), dx: joined(1), dWeight: sum(2), dBias: sum(3), mean, variance, batches };
  };
  for (const size of [[90, 36], [540, 132]] satisfies [number, number][]) {
    const { batches, ...apart } = await run(device, size, 1);
    assertEquals(batches![0], 7);
    const check = async (on: Device) => {
      const together = await run(on, size, 2);
      assertEquals(together.batches![0], 7);
      for (const [name, expected] of Object.entries(apart)) {
        const tolerance = { relative: 1e-6, absolute: name.startsWith("d") ? 2e-5 : 1e-6 };
        assertClose(together[name as keyof typeof apart]!, expected!, tolerance, `${name} of ${size}`);
      }
    };
    await check(device);
    await onCard(device, check);
  }
});

gpuTest("batchNorm() updates running statistics with the unbiased variance", async (device) => {
  const x = randomValues(10 * 5, 1, [-2, 2]);
  const { mean, variance } = batchNormReference(x, new Float64Array(5), new Float64Array(5));
  const runningMean = device.tensor([1, 2, 3, 4, 5]);
  const runningVariance = device.tensor([1, 1, 2, 2, 3]);
  const batchesTracked = device.tensor([41], { dtype: "u32" });
  const [weight, bias] = [device.tensor([1, 1, 1, 1, 1]), device.tensor([0, 0, 0, 0, 0])];
  batchNorm(device.tensor(x, { shape: [10, 5] }), weight, bias, {
    training: true,
    momentum: 0.25,
    runningMean,
    runningVariance,
    batchesTracked,
  });
  const [means, variances, batches] = await device.read([runningMean, runningVariance, batchesTracked]);
  const tolerance = { relative: 1e-6, absolute: 1e-6 };
  assertClose(means!, Array.from(mean, (m, c) => 0.75 * (c + 1) + 0.25 * m), tolerance, "running mean");
  const expected = Array.from(variance, (v, c) => 0.75 * [1, 1, 2, 2, 3][c]! + 0.25 * v * 10 / 9);
  assertClose(variances!, expected, tolerance, "running variance");
  assertEquals(batches![0], 42);
});

gpuTest("batchNorm() computes no gradient that is not wanted", async (device) => {
  await onProcessor(device, (processor) => {
    const x = processor.tensor([[1, 2], [3, 4]]);
    const pair = () => processor.tensor([1, 1]);
    const running = { runningMean: pair(), runningVariance: pair() };
    const launches = (training: boolean, wanted: (inputs: Tensor[]) => Tensor[]) => {
      using program = processor.program({}, () => {
        const inputs = [x, pair(), pair()];
        const y = batchNorm(x, inputs[1]!, inputs[2]!, { training, ...running });
        return gradients([y], wanted(inputs), { seeds: [x] });
      });
      return program.stats.launches;
    };
    assertEquals(launches(true, ([_x, weight]) => [weight!]), 2 + 2);
    assertEquals(launches(true, ([x]) => [x!]), 2 + 2);
    assertEquals(launches(false, ([x]) => [x!]), 2 + 1);
    assertEquals(launches(false, ([x, weight]) => [x!, weight!]), 2 + 2);
  });
});

gpuTest("batchNorm() explains what does not fit", (device) => {
  const x = device.tensor([[1, 2, 3]]);
  const three = device.tensor([1, 2, 3]);
  const two = device.tensor([1, 2]);
  const message = "needs 'weight' of shape [3] for x of shape [1, 3], found [2]";
  assertThrows(() => batchNorm(x, two, three, { training: true }), RangeError, message);
  assertThrows(() => batchNorm(three, three, three, { training: true }), RangeError, "found [3]");
  assertThrows(() => batchNorm(x, three, three, { training: false }), RangeError, "unless it is training");
  assertThrows(
    () => batchNorm(x, three, three, { training: true, runningMean: three }),
    RangeError,
    "needs both",
  );
  assertThrows(
    () => batchNorm(x, three, three, { training: true, groups: 2 }),
    RangeError,
    "divides the batch of x of shape [1, 3], found 2",
  );
  batchNorm(x, three, three, { training: false, groups: 2, runningMean: three, runningVariance: three });
  assertThrows(() => batchNorm(x, three, three, { training: true, groups: 0.5 }), RangeError, "found 0.5");
  const running = { runningMean: three, runningVariance: device.tensor([1, 1, 1]) };
  assertThrows(
    () => batchNorm(x, three, three, { training: true, ...running, batchesTracked: device.tensor([0]) }),
    TypeError,
    "found f32",
  );
});

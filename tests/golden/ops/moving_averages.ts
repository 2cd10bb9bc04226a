import type { TensorData } from "../../../src/files/safetensors.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { type AveragingRule, prepareAveraging } from "../../../src/nn/averages/averaging.ts";
import {
  type KeptAverage,
  postHocAverage,
  postHocWeights,
} from "../../../src/nn/averages/post_hoc_average.ts";
import { powerOfLength } from "../../../src/nn/averages/power_function.ts";
import { floatsOf, type GoldenCase } from "../golden_case.ts";
import type { Run } from "./differentiate.ts";

/** An average of rows of values, after each of them. */
const ema: Run = async (device, golden) => {
  golden.expectNoOthers(["decay", "steps", "start", "formula"]);
  const rule = { decay: golden.number("decay") };
  const { averages, weights, shape } = await averagesOf(device, golden, rule, golden.number("start"));
  return new Map([
    ["output.ema", floatsOf(shape, averages.flatMap((row) => [...row]))],
    ["output.decays", floatsOf([averages.length], weights.map((weight) => 1 - weight))],
  ]);
};

/** Power-function averages of rows of values, and others that are built of some of them. */
const post_hoc_ema: Run = async (device, golden) => {
  golden.expectNoOthers([
    "steps",
    "parameters",
    "stored_stds",
    "stored_steps",
    "wanted_stds",
    "theta",
    "formula",
    "order_of_stored",
  ]);
  const [lengths, steps, wanted] = ["stored_stds", "stored_steps", "wanted_stds"].map((name) =>
    golden.param(name) as number[]
  ) as [number[], number[], number[]];
  const last = golden.number("steps");
  const results = new Map<string, TensorData>();
  const put = (name: string, values: ArrayLike<number>, shape: readonly number[] = [values.length]) =>
    results.set(`output.${name}`, floatsOf(shape, values));
  put("gammas", lengths.map(powerOfLength));
  const kept: KeptAverage[] = [];
  for (const [i, length] of lengths.entries()) {
    const { averages, shape: [, width] } = await averagesOf(device, golden, { length });
    const stored = steps.map((step) => ({ length, step, values: averages[step - 1]! }));
    put(`average${i}`, stored.flatMap(({ values }) => [...values]), [steps.length, width!]);
    kept.push(...stored);
  }
  for (const length of wanted) {
    const end = kept.filter(({ step }) => step === last);
    for (const [name, from] of Object.entries({ end, stored: kept })) {
      put(`weights_${name}_${length}`, postHocWeights(from, { length, step: last }).weights);
      put(`reconstructed_${name}_${length}`, postHocAverage(from, { length, step: last }));
    }
    put(`true_${length}`, (await averagesOf(device, golden, { length })).averages.at(-1)!);
  }
  return results;
};

/** An average of the rows of `input.theta` after each of them, and the share that each had. */
async function averagesOf(device: Device, golden: GoldenCase, rule: AveragingRule, start = 0) {
  const { shape, data } = golden.floats("input.theta");
  const [steps, width] = shape as [number, number];
  golden.expectParams({ steps });
  const [values, average] = [device.state([width]), device.state([width])];
  average.set(new Float32Array(width).fill(start));
  using averaging = prepareAveraging(values, average, rule);
  const [averages, weights]: [Float32Array[], number[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    values.set(data.subarray(step * width, (step + 1) * width));
    averaging.update();
    const [row, weight] = await device.read([average, averaging.weight]);
    averages.push(row as Float32Array);
    weights.push(weight![0]!);
  }
  return { averages, weights, shape };
}

/** Moving averages. */
export const movingAverages: Readonly<Record<string, Run>> = { ema, post_hoc_ema };

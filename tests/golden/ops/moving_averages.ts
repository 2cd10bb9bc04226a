import { prepareAveraging } from "../../../src/nn/moving_average.ts";
import { floatsOf } from "../golden_case.ts";
import type { Run } from "./differentiate.ts";

/** An average of rows of values, after each of them. */
const ema: Run = async (device, golden) => {
  golden.expectNoOthers(["decay", "steps", "start", "formula"]);
  const { shape, data } = golden.floats("input.theta");
  const [steps, length] = shape as [number, number];
  golden.expectParams({ steps });
  const [values, average] = [device.state([length]), device.state([length])];
  average.set(new Float32Array(length).fill(golden.number("start")));
  const { weight, run } = prepareAveraging(values, average, golden.number("decay"));
  const [averages, decays] = [new Float32Array(steps * length), new Float32Array(steps)];
  for (let step = 0; step < steps; step++) {
    values.set(data.subarray(step * length, (step + 1) * length));
    run();
    averages.set(await average.data(), step * length);
    decays[step] = 1 - await weight.item();
  }
  return new Map([
    ["output.ema", floatsOf(shape, averages)],
    ["output.decays", floatsOf([steps], decays)],
  ]);
};

/** Moving averages. */
export const movingAverages: Readonly<Record<string, Run>> = { ema };

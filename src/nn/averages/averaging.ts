import { linearGrid } from "../../gpu/kernel/kernel.ts";
import { f32, type KernelPart, prepareRun, read, u32, update } from "../../gpu/kernel/run_kernel.ts";
import { STABLE_MATH } from "../../gpu/kernel/stable_math.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { sliceRow } from "../weights/row_slices.ts";
import { powerOfLength } from "./power_function.ts";

/** What the share of new values in an average follows from. */
export type AveragingRule = { readonly decay: number } | { readonly length: number };

/** The average of a row of values. */
export interface Averaging extends Disposable {
  /** u32 `[1]`: updates so far. */
  readonly steps: Tensor;
  /** `[1]`: the share of new values in the last update. */
  readonly weight: Tensor;
  /** Takes the values as they are now into the average. */
  readonly update: () => void;
  /** Changes the decay from the next update on. Absent if there is none. */
  readonly setDecay?: (decay: number) => void;
}

/** The average of a row of values, and its update: a launch, and one for each part of the row that a kernel can bind. */
export function prepareAveraging(source: Tensor, average: Tensor, rule: AveragingRule): Averaging {
  const { device } = source;
  const steps = device.state([1], "u32");
  const weight = device.state([1]);
  const fresh = "decay" in rule ? device.state([1]) : undefined;
  const setDecay = (decay: number) => fresh?.set([1 - decay]);
  if ("decay" in rule) setDecay(rule.decay);
  const { body, ...part } = "decay" in rule ? rampedDecay(fresh!) : powerFunction(rule.length);
  const advance = prepareRun(device, {
    label: "moving average advance",
    parts: [{ buffers: { steps: update(steps), weight: update(weight) } }, part],
    grid: [1, 1, 1],
    workgroup: 1,
    body: `  steps[0] += 1u;
  let t = f32(steps[0]);
${body}`,
  });
  const parts = sliceRow(average);
  const updates = sliceRow(source).map((part, i) => {
    const quads = Math.ceil(part.size / 4);
    const values = read(part, "vec4f");
    const averages = update(parts[i]!, "vec4f");
    return prepareRun(device, {
      label: "moving average update",
      buffers: { values, averages, weight: read(weight) },
      uniforms: { quads: u32(quads) },
      grid: linearGrid(quads),
      body: `  if (index >= params.quads) { return; }
  let old = ${averages.load("averages[index]")};
  averages[index] = ${averages.store(`old + weight[0] * (${values.load("values[index]")} - old)`)};`,
    });
  });
  return {
    steps,
    weight,
    update: () => [advance, ...updates].forEach((launch) => launch()),
    ...(fresh ? { setDecay } : {}),
    [Symbol.dispose]: () => [steps, weight, fresh].forEach((tensor) => tensor?.dispose()),
  };
}

/** `1 - min(decay, (1 + t) / (10 + t))`, without the loss of digits. */
function rampedDecay(fresh: Tensor): KernelPart & { readonly body: string } {
  return { buffers: { fresh: read(fresh) }, body: "  weight[0] = max(fresh[0], 9.0 / (10.0 + t));" };
}

/** `1 - (1 - 1 / t)^(gamma + 1)`, near 0 by the Taylor series of `1 - exp(-x)`. */
function powerFunction(length: number): KernelPart & { readonly body: string } {
  return {
    uniforms: { power: f32(powerOfLength(length) + 1) },
    declarations: STABLE_MATH,
    body: `  if (steps[0] == 1u) { weight[0] = 1.0; return; }
  let x = -params.power * log_one_plus(vec4f(-1.0 / t)).x;
  let near = x * (1.0 - x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0 * (1.0 - x / 5.0 * (1.0 - x / 6.0)))));
  weight[0] = select(1.0 - exp_falling(vec4f(x)).x, near, x < 0.25);`,
  };
}

import type { Device } from "../device.ts";
import { defineKernel, linearGrid } from "../kernel.ts";
import { slopeOf } from "../ops/activation.ts";
import type { Tensor } from "../tensor.ts";
import { chooseSplits, defaultSchedule } from "./choose.ts";
import { chosenSchedule } from "./schedule_book.ts";
import type { Contraction } from "./contraction.ts";
import { contractionKernel } from "./contraction_kernel.ts";
import { tileOf } from "./schedule.ts";

/** Most workgroups along one axis of a grid. */
const MAX_GRID = 65535;

/** Runs a sum of products under the schedule that suits the device and the sizes. */
export function contract(device: Device, contraction: Contraction): void {
  const { problem, rows, columns, depth, phases = 1, a, b, bias, activation, output, accumulate = false } =
    contraction;
  const schedule = chosenSchedule(device, contraction) ?? defaultSchedule(device, contraction);
  const tile = tileOf(schedule);
  const grid = { x: Math.ceil(columns / tile.columns), y: Math.ceil(rows / tile.rows) };
  if (grid.y > MAX_GRID) {
    throw new RangeError(
      `${problem.label} has ${rows} rows, more than ${device.adapter.name} can take: use a smaller batch`,
    );
  }
  const splits = contraction.splittable && !bias && !activation
    ? chooseSplits(device, contraction, grid.x * grid.y * phases)
    : 1;
  const part = Math.ceil(depth / splits / 4) * 4;
  const inParts = splits > 1 || accumulate;
  const target = inParts ? device.empty([splits, rows * columns]) : output;
  const epilogue = {
    bias: bias !== undefined,
    activation,
    split: contraction.splittable === true,
    wholeRows: rows % tile.rows === 0 && !contraction.unevenPhases,
    wholeColumns: columns % tile.columns === 0,
  };
  device.launch(
    contractionKernel(problem, schedule, epilogue),
    { a, b, output: target, ...(bias ? { bias } : {}) },
    { ...contraction.uniforms, rows, columns, part, splits, slope: slopeOf(activation) },
    [grid.x, grid.y, phases * splits],
    { work: 2 * (contraction.products ?? rows * columns * depth * phases), detail: contraction.detail },
  );
  if (inParts) addParts(device, target, output, splits, accumulate);
}

/** Adds the parts of a split sum up, in order. */
function addParts(device: Device, parts: Tensor, output: Tensor, splits: number, accumulate: boolean): void {
  const kernel = defineKernel({
    label: "add parts",
    bindings: { parts: ["read", "array<f32>"], output: [accumulate ? "update" : "write", "array<f32>"] },
    uniforms: { count: "u32", splits: "u32" },
    body: `  if (index >= params.count) { return; }
  var sum = ${accumulate ? "output[index]" : "0.0"};
  for (var split = 0u; split < params.splits; split++) { sum += parts[split * params.count + index]; }
  output[index] = sum;`,
  });
  const count = output.size;
  device.launch(kernel, { parts, output }, { count, splits }, linearGrid(count));
}

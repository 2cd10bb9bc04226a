import type { Device } from "../device.ts";
import { defineKernel, linearGrid } from "../kernel.ts";
import { type EpilogueActivation, slopeOf } from "../ops/activation.ts";
import type { Tensor } from "../tensor.ts";
import { chooseSplits, defaultSchedule } from "./choose.ts";
import { chosenSchedule } from "./schedule_book.ts";
import type { Problem } from "./problem.ts";
import { contractionKernel, tileOf } from "./schedule.ts";

/** What {@linkcode contract} computes and where it puts it. */
export interface Contraction {
  /** How the operands lie in memory. */
  readonly problem: Problem;
  /** Values of the problem's uniforms, without `rows`, `columns` and `part`. */
  readonly uniforms: Readonly<Record<string, number>>;
  /** Rows of the output; of the largest phase, where there are several. */
  readonly rows: number;
  /** Columns of the output. */
  readonly columns: number;
  /** Length of the sum. */
  readonly depth: number;
  /** Sums that differ in `phase`. */
  readonly phases?: number;
  /** The depth may be cut into parts that are added up afterwards. Needed to accumulate. */
  readonly splittable?: boolean;
  /** Left operand. */
  readonly a: Tensor;
  /** Right operand. */
  readonly b: Tensor;
  /** A bias for each column. */
  readonly bias?: Tensor | undefined;
  /** Applied to the result. */
  readonly activation?: EpilogueActivation | undefined;
  /** Where the result goes. */
  readonly output: Tensor;
  /** Add to what the output holds. */
  readonly accumulate?: boolean;
}

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
    ? chooseSplits(device, grid.x * grid.y * phases, depth)
    : 1;
  const part = Math.ceil(depth / splits / 4) * 4;
  const inParts = splits > 1 || accumulate;
  const target = inParts ? device.empty([splits, rows * columns]) : output;
  const epilogue = { bias: bias !== undefined, activation, split: contraction.splittable === true };
  device.launch(
    contractionKernel(problem, schedule, epilogue),
    { a, b, output: target, ...(bias ? { bias } : {}) },
    { ...contraction.uniforms, rows, columns, part, splits, slope: slopeOf(activation) },
    [grid.x, grid.y, phases * splits],
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

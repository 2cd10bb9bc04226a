import { workgroupTree } from "../../kernel/workgroup_tree.ts";
import { expectKnownOptions } from "../../tensor/known_options.ts";
import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, f32, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { normalizeAxes, sameShape, type Shape, sizeOf } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";
import type { DType } from "../../tensor/dtype.ts";
import { type MiddleSum, suitsColumns, sumColumns } from "./sum_columns.ts";
import { broadcastMap } from "../elementwise/broadcast.ts";
import { converted } from "../cast.ts";

/** Which axes to reduce, and whether they stay. */
export interface ReduceOptions {
  /**
   * Axes to reduce; negative ones count from the last.
   *
   * @default {all}
   */
  axes?: readonly number[];
  /**
   * Leave the reduced axes in the shape, with extent 1.
   *
   * @default {false}
   */
  keepDims?: boolean;
}

/**
 * Sum over some or all axes, as `torch.sum`. Parts are added in a fixed order, so the same input gives the same bytes,
 * and no thread adds more than a few dozen numbers in a row, so long sums do not drift.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, sum } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([[1, 2], [3, 4]]);
 * assertEquals(await sum(x).item(), 10);
 * assertEquals([...await sum(x, { axes: [0] }).data()], [4, 6]);
 * ```
 *
 * @throws {RangeError} if an axis does not exist or is named twice.
 */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce("sum", x, options, () => 1);
}

/**
 * Mean over some or all axes, as `torch.mean`. See {@linkcode sum}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mean, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals(await mean(device.tensor([1, 2, 6])).item(), 3);
 * ```
 *
 * @throws {RangeError} if an axis does not exist or is named twice.
 */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce("mean", x, options, (count) => 1 / count);
}

/**
 * A tensor summed over the axes along which `like` was broadcast to the tensor's shape: of the shape of `like`, and of
 * its element type if anything is summed.
 */
export function sumTo(x: Tensor, like: Pick<Tensor, "shape" | "dtype">): Tensor {
  const { shape, dtype } = like;
  if (sameShape(x.shape, shape)) return x;
  const broadcast = (axis: number) => (shape[axis - x.rank + shape.length] ?? 1) === 1;
  return sumAxes("sum", x, broadcast, { shape, dtype, scale: 1 });
}

function reduce(
  label: string,
  x: Tensor,
  options: ReduceOptions,
  scaleOf: (count: number) => number,
): Tensor {
  expectKnownOptions(`${label}()`, options, { axes: true, keepDims: true });
  const axes = normalizeAxes(options.axes, x.rank);
  const reduced = (axis: number) => axes.includes(axis);
  const kept = x.shape.map((extent, axis) => (reduced(axis) ? 1 : extent));
  const shape = options.keepDims ? kept : x.shape.filter((_, axis) => !reduced(axis));
  const scale = scaleOf(x.size / sizeOf(kept));
  if (sizeOf(kept) === x.size) return x.reshape(shape);

  return derive(sumAxes(label, x, reduced, { shape, dtype: x.dtype, scale }), [x], (output) => {
    using gradient = output.reshape(kept);
    return [broadcastMap(`${label} gradient`, { gradient }, x.shape, "gradient * params.scale", { scale })];
  });
}

/** What a sum is multiplied with, and what it becomes. Sums of parts are f32 until then. */
interface SumResult {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly scale: number;
}

/** Sums some axes, one run of neighbors after another from the last. */
function sumAxes(
  label: string,
  x: Tensor,
  reduced: (axis: number) => boolean,
  result: SumResult,
): Tensor {
  const runs = runsOf(x.shape, reduced);
  let left = runs.filter((run) => run.reduced).length;
  if (left === 0) {
    const same = converted(x, result.dtype);
    const view = same.reshape(result.shape);
    if (same !== x) same.dispose();
    return view;
  }
  let values = x;
  let inner = 1;
  for (const run of runs.toReversed()) {
    if (!run.reduced) {
      inner *= run.extent;
      continue;
    }
    const outer = values.size / run.extent / inner;
    const last = --left === 0;
    const part: SumResult = { shape: [outer, inner], dtype: "f32", scale: 1 };
    const summed = sumMiddle(label, values, [outer, run.extent, inner], last ? result : part);
    if (values !== x) values.dispose();
    values = summed;
  }
  return values;
}

/** Neighboring axes that are all reduced or all kept, as one run each. */
function runsOf(shape: Shape, reduced: (axis: number) => boolean): { extent: number; reduced: boolean }[] {
  const runs: { extent: number; reduced: boolean }[] = [];
  for (const [axis, extent] of shape.entries()) {
    if (extent === 1) continue;
    const previous = runs.at(-1);
    if (previous?.reduced === reduced(axis)) previous.extent *= extent;
    else runs.push({ extent, reduced: reduced(axis) });
  }
  return runs;
}

const THREADS = 256;
/** The most numbers that one thread adds in a row. */
const RUN = 32;

/**
 * Sums the middle axis of `[outer, extent, inner]`. A workgroup takes `columns` results, each summed by `lanes`
 * threads and then by a tree. Neighboring threads read neighboring numbers: lanes along the summed axis if that is
 * the last one, else columns. An extent too long for that is cut in parts, and the parts are summed again.
 */
function sumMiddle(
  label: string,
  x: Tensor,
  [outer, extent, inner]: readonly [number, number, number],
  result: SumResult,
): Tensor {
  const results = outer * inner;
  const rows = inner === 1;
  const most = rows ? THREADS : THREADS / Math.min(64, powerOfTwo(results));
  const lanes = Math.min(most, powerOfTwo(Math.ceil(extent / 8)));
  const columns = THREADS / lanes;
  const parts = Math.ceil(extent / (lanes * RUN));
  const blocks = Math.ceil(results / columns);
  const output = parts === 1 ? x.device.empty(result.shape, result.dtype) : x.device.empty([parts, results]);
  const part = Math.ceil(extent / parts);
  const scale = parts === 1 ? result.scale : 1;
  const of: MiddleSum = {
    ...{ label, values: x, output, lanes, scale },
    shape: [outer, extent, inner],
    parts: [parts, part],
  };
  if (suitsColumns(of)) sumColumns(of);
  else sumByLanes(of, { columns, blocks });
  if (parts === 1) return output;
  const summed = sumMiddle(label, output, [1, parts, results], result);
  output.dispose();
  return summed;
}

/** A sum by a thread for each lane of a result. */
function sumByLanes(
  { label, values: x, output, shape: [outer, extent, inner], lanes, parts: [parts, part], scale }: MiddleSum,
  { columns, blocks }: { readonly columns: number; readonly blocks: number },
): void {
  const results = outer * inner;
  const rows = inner === 1;
  const [from, to] = [read(x, "f32"), write(output, "f32")];
  runKernel(x.device, {
    label,
    buffers: { values: from, output: to },
    uniforms: {
      ...each(u32, { results, extent, inner, lanes, columns }),
      ...each(u32, { lane_step: rows ? 1 : columns, column_step: rows ? lanes : 1, blocks, parts, part }),
      scale: f32(scale),
    },
    grid: linearGrid(blocks * parts, 1),
    workgroup: THREADS,
    declarations: `var<workgroup> partial: array<f32, ${THREADS}>;`,
    iterations: loopIterations(Math.ceil(part / lanes)) + treeIterations(lanes),
    body: `  let workgroup_index = group.y * groups.x + group.x;
  if (workgroup_index >= params.blocks * params.parts) { return; }
  let lane = thread / params.lane_step % params.lanes;
  let column = thread / params.column_step % params.columns;
  let result = workgroup_index % params.blocks * params.columns + column;
  let which = workgroup_index / params.blocks;
  var total = 0.0;
  if (result < params.results) {
    let first = result / params.inner * params.extent * params.inner + result % params.inner;
    let end = min(params.extent, (which + 1u) * params.part);
    for (var k = which * params.part + lane; k < end; k += params.lanes) {
      total += ${from.load("values[first + k * params.inner]")};
    }
  }
  let slot = lane * params.columns + column;
${
      workgroupTree({
        value: "total",
        half: "params.lanes / 2u",
        shared: "partial",
        lane: "lane",
        slot: "slot",
        stride: "params.columns",
      })
    }
  if (lane == 0u && result < params.results) { output[which * params.results + result] = ${
      to.store("total * params.scale")
    }; }`,
  });
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(atLeast));
}

import { derive } from "../autograd/origin.ts";
import { type FloatType, floatTypeOf } from "../kernel/float_memory.ts";
import { loopIterations } from "../kernel/iterations.ts";
import { linearGrid } from "../kernel/kernel.ts";
import { each, read, runKernel, u32, update, write } from "../kernel/run_kernel.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fill } from "./fill.ts";
import { sumTo } from "./reductions/sum.ts";

/** Options of {@linkcode embedding}. */
export interface EmbeddingOptions {
  /** Element type of the result: that of the weight if not given. */
  dtype?: FloatType;
}

/** Places whose gradients a thread adds up in a row, so that long sums do not drift. */
const PART = 256;

/** Elements of all parts' sums at most, unless a thread would take more places than a driver lets its loop have. */
const MOST_ELEMENTS = 2 ** 24;

/**
 * Rows of a table by their numbers, as `torch.nn.functional.embedding`: `y[n] = weight[index[n]]`. A number that is no row
 * gives NaN, since the GPU cannot throw.
 *
 * The gradient of a row is the sum of those of all places that took it, in the order of the places; rows that were not
 * taken have 0. It is the same from run to run, as no two threads add to one number.
 *
 * @param weight `[rows, length]`, f32 or f16.
 * @param index Numbers of rows, u32 of any shape.
 * @returns `[...index.shape, length]`.
 * @throws {TypeError} if the index is not u32, or there is no such option.
 * @throws {RangeError} if the weight has not two axes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { embedding, gradients, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const weight = device.tensor([[1, 2], [3, 4], [5, 6]]);
 * const index = device.tensor([2, 0, 2], { dtype: "u32" });
 * const y = embedding(weight, index);
 * assertEquals([...await y.data()], [5, 6, 1, 2, 5, 6]);
 * const [gradient] = gradients([y], [weight], { seeds: [device.tensor([[1, 1], [2, 2], [3, 3]])] });
 * assertEquals([...await gradient!.data()], [2, 2, 0, 0, 4, 4]);
 * ```
 */
export function embedding(weight: Tensor, index: Tensor, options: EmbeddingOptions = {}): Tensor {
  expectKnownOptions("embedding()", options, { dtype: true });
  const y = embeddingForward(weight, index, options);
  return derive(y, [weight], (gradient) => [embeddingGradient(gradient, index, weight)]);
}

/**
 * The same without gradients. A bundle with it alone has nothing of these.
 *
 * @throws {TypeError} if the index is not u32.
 * @throws {RangeError} if the weight has not two axes.
 */
export function embeddingForward(weight: Tensor, index: Tensor, options: EmbeddingOptions = {}): Tensor {
  const [rows = 0, length = 0] = weight.shape;
  if (weight.rank !== 2) {
    throw new RangeError(
      `Cannot take an embedding: the weight must be [rows, length], found shape ${formatShape(weight.shape)}`,
    );
  }
  if (index.dtype !== "u32") {
    throw new TypeError(`Cannot take an embedding: the index must be u32, found ${index.dtype}`);
  }
  const y = weight.device.empty([...index.shape, length], options.dtype ?? floatTypeOf(weight));
  const [table, output] = [read(weight, "f32"), write(y, "f32")];
  runKernel(weight.device, {
    label: "embedding",
    buffers: { table, taken: read(index, "array<u32>"), output },
    uniforms: each(u32, { rows, length, count: y.size }),
    grid: linearGrid(y.size),
    body: `  if (index >= params.count) { return; }
  let row = taken[index / params.length];
  let found = ${table.load("table[min(row, params.rows - 1u) * params.length + index % params.length]")};
  output[index] = ${output.store("select(bitcast<f32>(0x7fc00000u | row), found, row < params.rows)")};`,
  });
  return y;
}

/**
 * For each element of the table, the sum of the gradients of all places that took it. A thread goes through the places of
 * a part in order, and adds what one column has there to the rows: no other thread adds to these.
 */
function embeddingGradient(gradient: Tensor, index: Tensor, { shape, device, dtype }: Tensor): Tensor {
  const [rows, length] = shape as [number, number];
  const most = Math.max(1, Math.floor(MOST_ELEMENTS / (rows * length)));
  const wanted = Math.max(PART, Math.ceil(index.size / most));
  const part = Math.min(wanted, device.capabilities.loopIterations - 1, index.size);
  const parts = Math.ceil(index.size / part);
  const sums = fill(device, [parts, rows, length], 0);
  const [source, output] = [read(gradient, "f32"), update(sums, "f32")];
  runKernel(device, {
    label: "embedding gradient",
    buffers: { source, taken: read(index, "array<u32>"), output },
    uniforms: each(u32, { rows, length, places: index.size, part, count: parts * length }),
    iterations: loopIterations(part),
    grid: linearGrid(parts * length),
    body: `  if (index >= params.count) { return; }
  let column = index % params.length;
  let part = index / params.length;
  let begin = part * params.part;
  let end = min(params.places, begin + params.part);
  for (var place = begin; place < end; place++) {
    let row = taken[place];
    if (row >= params.rows) { continue; }
    let at = (part * params.rows + row) * params.length + column;
    output[at] = ${
      output.store(`${output.load("output[at]")} + ${source.load("source[place * params.length + column]")}`)
    };
  }`,
  });
  if (parts === 1 && dtype === "f32") return sums.reshape([rows, length]);
  using partials = sums;
  return sumTo(partials, { shape: [1, rows, length], dtype: dtype as FloatType }).reshape([rows, length])
    .detach();
}

import { range } from "../../contraction/kernels/unroll.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, f32, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Lanes up to which their sums are written out in a kernel's text. */
const MOST_LANES = 16;

const THREADS = 8;

/** A sum over the middle axis of `[outer, extent, inner]`, by lanes that take every so many numbers of a part each. */
export interface MiddleSum {
  /** Name of the kernel. */
  readonly label: string;
  /** What is summed. */
  readonly values: Tensor;
  /** `[parts, outer * inner]`. */
  readonly output: Tensor;
  /** Its extents. */
  readonly shape: readonly [outer: number, extent: number, inner: number];
  /** Lanes of a part, a power of two. */
  readonly lanes: number;
  /** Parts of the extent, and the numbers of one. */
  readonly parts: readonly [count: number, length: number];
  /** Factor of the sums. */
  readonly scale: number;
}

/** Whether a sum is done by {@linkcode sumColumns}: on software adapters, where results are fours of neighbors. */
export function suitsColumns({ values: { device }, shape: [, , inner], lanes }: MiddleSum): boolean {
  return device.adapter.software && inner % 4 === 0 && lanes <= MOST_LANES;
}

/**
 * The sum by a thread for four results of a part, which is all lanes of it: it loads four numbers at a time, needs no
 * barriers, and adds them in the order in which the threads of lanes would.
 */
export function sumColumns({ label, values, output, shape, lanes, parts, scale }: MiddleSum): void {
  const { device } = values;
  const [outer, extent, inner] = shape;
  const [count, length] = parts;
  const quads = inner / 4;
  const [from, to] = [read(values, "vec4f"), write(output, "vec4f")];
  const all = range(lanes);
  const row = (lane: number) => from.load(`values[first + (k + ${lane}u) * params.inner]`);
  runKernel(device, {
    label,
    buffers: { values: from, output: to },
    uniforms: {
      ...each(u32, { outer, extent, inner: quads, parts: count, part: length }),
      scale: f32(scale),
    },
    grid: linearGrid(count * outer * quads, THREADS),
    workgroup: THREADS,
    iterations: loopIterations(Math.floor(length / lanes)),
    body: `  let results = params.outer * params.inner;
  if (index >= params.parts * results) { return; }
  let which = index / results;
  let result = index - which * results;
  let first = result / params.inner * params.extent * params.inner + result % params.inner;
  let end = min(params.extent, (which + 1u) * params.part);
${all.map((lane) => `  var sum_${lane} = vec4f();`).join("\n")}
  var k = which * params.part;
  for (; k + ${lanes}u <= end; k += ${lanes}u) {
${all.map((lane) => `    sum_${lane} += ${row(lane)};`).join("\n")}
  }
${all.slice(0, -1).map((lane) => `  if (k + ${lane}u < end) { sum_${lane} += ${row(lane)}; }`).join("\n")}
  output[index] = ${to.store(`${tree(all.map((lane) => `sum_${lane}`))} * params.scale`)};`,
  });
}

/** The sum of values by a tree that adds the second half to the first. */
function tree(values: readonly string[]): string {
  if (values.length === 1) return values[0]!;
  const half = values.length / 2;
  return tree(range(half).map((i) => `(${values[i]} + ${values[half + i]})`));
}

import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { type Argument, each, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { type Shape, sizeOf } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * A weight seen as a matrix `M`: one of its axes has the rows, and the others, in their order, the columns. In memory it
 * is `[outer, rows, inner]`, and its columns are `[outer, inner]`.
 */
export interface WeightMatrix {
  /** Product of the extents before the axis of the rows. */
  readonly outer: number;
  /** Extent of that axis. */
  readonly rows: number;
  /** Product of the extents behind it. */
  readonly inner: number;
  /** `outer * inner`. */
  readonly columns: number;
}

/** A weight with its rows along an axis. */
export function weightMatrix(shape: Shape, axis: number): WeightMatrix {
  const [outer, rows, inner] = [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
  // A single row lies in memory as it is, wherever its axis stands
  if (rows === 1) return { outer: 1, rows, inner: outer * inner, columns: outer * inner };
  return { outer, rows, inner, columns: outer * inner };
}

/** Place in memory of the element at a row and a column, as a WGSL expression of both. */
function placeOf({ outer, inner }: WeightMatrix, row: string, column: string): string {
  if (inner === 1) return `${column} * params.rows + ${row}`;
  if (outer === 1) return `${row} * params.inner + ${column}`;
  return `(${column} / params.inner * params.rows + ${row}) * params.inner + ${column} % params.inner`;
}

/** Steps that a thread takes at a time. */
const STEPS = 8;

/** Steps of a block, whose sum a thread begins anew: a long sum would swallow small terms one by one. */
const BLOCK = 32 * STEPS;

/** Threads that keep an adapter busy. */
const BUSY = { software: 64, hardware: 16384 } as const;

/** Parts of a sum at most, unless a thread would take more steps than a driver lets its loop have iterations. */
const MOST_PARTS = 64;

/** Steps that make a part worth its while. */
const LEAST_STEPS = 64;

/** Parts of the elements of a vector, `[parts, length]`, that are still to be added up. */
export interface VectorParts {
  /** The parts. */
  readonly values: Tensor;
  /** How many each element has. */
  readonly parts: number;
  /** Elements of the vector. */
  readonly length: number;
}

/** How threads go through a matrix: each has so many elements of the result, and takes so many terms in a step. */
interface Walk {
  /** Elements of the result. */
  readonly elements: 1 | 4;
  /** Terms of a step. */
  readonly terms: 1 | 4;
  /** Place in memory of the first of them, from `at`, the number of the thread's elements, and that of the step. */
  readonly place: (step: string) => string;
}

/** In fours along the axis whose elements are neighbors in memory, if there is one and its extent allows that. */
function walkOf(matrix: WeightMatrix, to: "rows" | "columns"): Walk {
  const { outer, rows, inner } = matrix;
  const along = inner === 1 && rows % 4 === 0
    ? "rows"
    : outer === 1 && inner % 4 === 0
    ? "columns"
    : undefined;
  if (along === undefined) {
    const place = (m: string) => to === "rows" ? placeOf(matrix, "at", m) : placeOf(matrix, m, "at");
    return { elements: 1, terms: 1, place };
  }
  const quads = `(params.${along === "rows" ? "rows" : "inner"} / 4u)`;
  return along === to
    ? { elements: 4, terms: 1, place: (m) => `${m} * ${quads} + at` }
    : { elements: 1, terms: 4, place: (m) => `at * ${quads} + ${m}` };
}

/** `M v` (`to` the rows), or `Mᵀ u` (`to` the columns), in parts. */
export function multiplyVector(
  weight: Tensor,
  matrix: WeightMatrix,
  vector: Tensor,
  to: "rows" | "columns",
): VectorParts {
  const { device } = weight;
  const { rows, columns, inner } = matrix;
  const { elements, terms, place } = walkOf(matrix, to);
  const length = to === "rows" ? rows : columns;
  const count = length / elements;
  const steps = (to === "rows" ? columns : rows) / terms;
  const busy = BUSY[device.adapter.software ? "software" : "hardware"];
  const wanted = Math.min(Math.ceil(busy / count), Math.ceil(steps / LEAST_STEPS), MOST_PARTS);
  const most = STEPS * Math.max(1, Math.floor(device.capabilities.loopIterations / 4));
  const parts = Math.max(wanted, Math.ceil(steps / most));
  const part = Math.ceil(steps / parts);
  const values = device.empty([parts, length]);
  const width = (numbers: 1 | 4) => numbers === 4 ? "vec4f" : "f32";
  const type = width(elements === 4 || terms === 4 ? 4 : 1);
  const [from, by, into] = [read(weight, type), read(vector, width(terms)), write(values, width(elements))];
  const term = (m: string) => `${from.load(`weight[${place(m)}]`)} * ${by.load(`vector[${m}]`)}`;
  const several = Array.from({ length: STEPS }, (_, i) => term(i === 0 ? "m" : `(m + ${i}u)`));
  runKernel(device, {
    label: `spectral norm ${to}`,
    buffers: { weight: from, vector: by, values: into },
    uniforms: each(u32, { count, steps, part, parts, rows, inner }),
    grid: linearGrid(count * parts),
    iterations: Math.floor(part / STEPS) + loopIterations(Math.ceil(part / BLOCK), 1) +
      loopIterations(Math.min(part, STEPS - 1)),
    body: `  if (index >= params.count * params.parts) { return; }
  let at = index % params.count;
  let start = index / params.count * params.part;
  let end = min(start + params.part, params.steps);
  var total = ${type}();
  var m = start;
  while (m + ${STEPS - 1}u < end) {
    let stop = min(end, m + ${BLOCK}u);
    var block = ${type}();
    for (; m + ${STEPS - 1}u < stop; m += ${STEPS}u) {
      block += ${pairs(several)};
    }
    total += block;
  }
  for (; m < end; m++) { total += ${term("m")}; }
  values[index] = ${into.store(terms === 4 ? "(total.x + total.y) + (total.z + total.w)" : "total")};`,
  });
  return { values, parts, length };
}

/** Terms added up in pairs, and those again. */
function pairs(terms: readonly string[]): string {
  if (terms.length === 1) return terms[0]!;
  const half = terms.length / 2;
  return `(${pairs(terms.slice(0, half))} + ${pairs(terms.slice(half))})`;
}

/** How a kernel over the elements of a weight finds what belongs to an element. */
export interface OuterProduct {
  /** Elements that a thread takes: 4 if neighbors in memory share a row or a column. */
  readonly width: 1 | 4;
  /** Buffers of the vectors. */
  readonly buffers: Readonly<Record<"u" | "v", Argument>>;
  /** Statements that define `product` as `u vᵀ` at the elements of number `at`. */
  readonly lines: string;
}

/** `u vᵀ`, where the elements of a weight with such a matrix lie. Kernels give `rows` and `inner` as uniforms. */
export function outerProduct({ outer, rows, inner }: WeightMatrix, u: Tensor, v: Tensor): OuterProduct {
  // A remainder by a product: software adapters divide one number at a time
  const split = (extent: string) =>
    `    let line = at / ${extent};
    let place = at - line * ${extent};
`;
  if (inner === 1 && rows % 4 === 0) {
    const buffers = { u: read(u, "array<vec4f>"), v: read(v, "array<f32>") };
    return {
      width: 4,
      buffers,
      lines: `${split("(params.rows / 4u)")}    let product = v[line] * u[place];`,
    };
  }
  if (outer === 1 && inner % 4 === 0) {
    const buffers = { u: read(u, "array<f32>"), v: read(v, "array<vec4f>") };
    return {
      width: 4,
      buffers,
      lines: `${split("(params.inner / 4u)")}    let product = u[line] * v[place];`,
    };
  }
  return {
    width: 1,
    buffers: { u: read(u, "array<f32>"), v: read(v, "array<f32>") },
    lines: `${split("params.inner")}    let column = line / params.rows * params.inner + place;
    let product = u[line % params.rows] * v[column];`,
  };
}

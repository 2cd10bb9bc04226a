import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { type KernelPart, runKernel, u32 } from "../../kernel/run_kernel.ts";
import { workgroupTree } from "../../kernel/workgroup_tree.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Threads that share a row: more of them if it is long. */
const THREADS = { short: 64, long: 256 };

/** Numbers from which on a row is long. */
const LONG = 2 ** 20;

/** Numbers that a thread takes in one iteration. */
const UNROLLED = 8;

/** Writes statements for all threads of a row, of which each takes some of the row's numbers. */
export class RowText {
  readonly #threads: number;
  #loops = 0;

  /** For a number of threads. */
  constructor(threads: number) {
    this.#threads = threads;
  }

  /** Statements for each number of the row; `statement` is for the one at `k`, an expression. */
  each(statement: (k: string) => string): string {
    return this.#loop((places) => places.map(statement).join("\n"));
  }

  /** Defines `name` as the sum of a value of each number of the row; `value` is that of the one at `k`. */
  sum(name: string, value: (k: string) => string): string {
    return `  var ${name} = 0.0;
${this.#loop((places) => `    ${name} += ${tree(places.map(value), (a, b) => `(${a} + ${b})`)};`)}
  ${name} = row_sum(thread, ${name});`;
  }

  /** Defines `name` as the largest value of the row's numbers; `value` is that of the one at `k`. */
  max(name: string, value: (k: string) => string): string {
    return `  var ${name} = ${value("0u")};
${
      this.#loop((places) =>
        `    ${name} = max(${name}, ${tree(places.map(value), (a, b) => `max(${a}, ${b})`)});`
      )
    }
  ${name} = row_max(thread, ${name});`;
  }

  /** Iterations of all loops so far, for a row of a given length; each may have been followed by a tree of threads. */
  iterations(classes: number): number {
    const numbers = Math.ceil(classes / this.#threads);
    const one = loopIterations(Math.floor(numbers / UNROLLED)) + loopIterations(Math.min(numbers, UNROLLED));
    return this.#loops * (one + treeIterations(this.#threads));
  }

  #loop(statements: (places: string[]) => string): string {
    const k = `k${this.#loops++}`;
    const threads = this.#threads;
    const places = Array.from({ length: UNROLLED }, (_, i) => i === 0 ? k : `(${k} + ${i * threads}u)`);
    return `  var ${k} = thread;
  for (; ${k} + ${(UNROLLED - 1) * threads}u < params.classes; ${k} += ${UNROLLED * threads}u) {
${statements(places)}
  }
  for (; ${k} < params.classes; ${k} += ${threads}u) {
${statements([k])}
  }`;
  }
}

/** Joins values in pairs, and those again. */
function tree(values: readonly string[], join: (a: string, b: string) => string): string {
  if (values.length === 1) return values[0]!;
  const half = Math.ceil(values.length / 2);
  return join(tree(values.slice(0, half), join), tree(values.slice(half), join));
}

/** A function that the threads of a row call together, with a number each: `combine` joins two of them. */
function rowFunction(name: string, threads: number, combine: (a: string, b: string) => string): string {
  const merge = (other: string) => `found = ${combine("found", other)};`;
  return `fn ${name}(thread: u32, value: f32) -> f32 {
  var found = value;
${workgroupTree({ value: "found", half: `${threads / 2}u`, shared: "shared_values", merge, stored: true })}
  workgroupBarrier();
  let result = shared_values[0];
  workgroupBarrier();
  return result;
}`;
}

/** Statements that find `largest` of a row of `x_values` and the sum `total` of `exp(x - largest)`. */
export function rowTotal(text: RowText): string {
  const x = (k: string) => `x_values[row * params.classes + ${k}]`;
  return `${text.max("largest", x)}\n${text.sum("total", (k) => `exp(${x(k)} - largest)`)}`;
}

/** Runs a kernel with one workgroup for each row of the last axis; its body sees `row`. */
export function launchRows(
  x: Tensor,
  classes: number,
  { label, buffers, body }: Required<Pick<KernelPart, "buffers">> & {
    readonly label: string;
    readonly body: (text: RowText) => string;
  },
): void {
  const rows = x.size / classes;
  const threads = classes < LONG ? THREADS.short : THREADS.long;
  const text = new RowText(threads);
  const lines = body(text);
  runKernel(x.device, {
    label,
    buffers,
    uniforms: { rows: u32(rows), classes: u32(classes) },
    workgroup: threads,
    grid: linearGrid(rows, 1),
    declarations: [
      `var<workgroup> shared_values: array<f32, ${threads}>;`,
      rowFunction("row_max", threads, (a, b) => `max(${a}, ${b})`),
      rowFunction("row_sum", threads, (a, b) => `${a} + ${b}`),
    ].join("\n"),
    iterations: text.iterations(classes),
    body: `  let row = group.y * groups.x + group.x;
  if (row >= params.rows) { return; }
${lines}`,
  });
}

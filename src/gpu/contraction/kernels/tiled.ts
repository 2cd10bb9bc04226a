import type { Problem } from "../sums/problem.ts";
import type { TiledSchedule } from "./schedule.ts";
import { closing, range } from "./unroll.ts";

/** Threads of a workgroup: each computes `4 * rowQuads` rows and `4 * columnQuads` columns of its tile. */
export function tiledThreads({ rows, columns, rowQuads, columnQuads }: TiledSchedule): number {
  return rows / (4 * rowQuads) * (columns / (4 * columnQuads));
}

/** Workgroup memory for tiles of both operands, twice: one is read while the next one is written. */
export function tiledDeclarations({ rows, columns, depth }: TiledSchedule): string {
  return `var<workgroup> tile_a: array<vec4f, ${2 * depth * rows / 4}>;
var<workgroup> tile_b: array<vec4f, ${2 * depth * columns / 4}>;
`;
}

/**
 * The sums `s{row}_{vector}` of a tile in workgroup memory, for adapters with registers to spare and fast barriers.
 *
 * Threads load both operands a few depths ahead, as four rows (or columns) side by side at each depth, whichever way
 * they lie: an operand that is contiguous in depth is loaded in blocks of four by four and turned. Then every thread
 * multiplies quads of rows with quads of columns, depth by depth.
 */
export function tiledBody(problem: Problem, schedule: TiledSchedule): string {
  const { rows, columns, depth, rowQuads, columnQuads } = schedule;
  const threads = tiledThreads(schedule);
  const across = columns / (4 * columnQuads);
  const a = loaderOfA(problem, rows, depth, threads);
  const b = loaderOfB(problem, columns, depth, threads);
  const sums = range(4 * rowQuads).flatMap((i) =>
    range(columnQuads).map((v) => `  var s${i}_${v} = vec4f();`)
  );
  const products = range(depth).flatMap((k) => [
    ...range(rowQuads).map((q) =>
      `      let p${k}_${q} = tile_a[turn_a + ${k * rows / 4}u + thread_row * ${rowQuads}u + ${q}u];`
    ),
    ...range(columnQuads).map((v) =>
      `      let q${k}_${v} = tile_b[turn_b + ${k * columns / 4}u + ${v * across}u + thread_column];`
    ),
    ...range(4 * rowQuads).flatMap((i) =>
      range(columnQuads).map((v) =>
        `      s${i}_${v} = fma(vec4f(p${k}_${i >> 2}[${i & 3}]), q${k}_${v}, s${i}_${v});`
      )
    ),
  ]);
  return [
    `  let thread_row = thread / ${across}u;`,
    `  let thread_column = thread % ${across}u;`,
    ...sums,
    ...a.before,
    ...b.before,
    "  var turn = 0u;",
    `  ${problem.open}`,
    ...a.line,
    `    let end = ${problem.run[1]};`,
    `    for (var j = ${problem.run[0]}; j < end; j += ${depth}u) {`,
    `      let turn_a = turn * ${depth * rows / 4}u;`,
    `      let turn_b = turn * ${depth * columns / 4}u;`,
    ...a.load,
    ...b.load,
    // Two tiles take turns, so one barrier is enough: a thread that writes one again has passed the barrier of the other.
    "      workgroupBarrier();",
    ...products,
    "      turn = 1u - turn;",
    "    }",
    closing(problem.open),
  ].join("\n");
}

interface Loader {
  readonly before: string[];
  readonly line: string[];
  readonly load: string[];
}

/** Fills `tile_a[turn][depth][rows / 4]`. */
function loaderOfA({ a }: Problem, rows: number, depth: number, threads: number): Loader {
  const quads = rows / 4;
  if (a.along === "rows") {
    const units = shares(quads * depth, threads);
    return {
      before: units.map((u) => {
        const slot = `(thread + ${u * threads}u)`;
        return `  let a_slot${u} = ${slot}; ${a.quad(u, `(first_row + ${slot} % ${quads}u * 4u)`)}`;
      }),
      line: [],
      load: units.flatMap((u) =>
        guarded(u, quads * depth, threads, [
          a.depth(`${u}`, `(j + a_slot${u} / ${quads}u)`),
          `tile_a[turn_a + a_slot${u}] = ${a.load(u, `${u}`)};`,
        ])
      ),
    };
  }
  const blocks = quads * depth / 4;
  const units = shares(blocks, threads);
  const row = (u: number, i: number) => 4 * u + i;
  return {
    before: units.flatMap((u) => [
      `  let a_slot${u} = thread + ${u * threads}u;`,
      ...range(4).map((i) => `  ${a.row(row(u, i), `first_row + a_slot${u} / ${depth / 4}u * 4u + ${i}u`)}`),
    ]),
    line: units.flatMap((u) => range(4).map((i) => `    ${a.line(row(u, i))}`)),
    load: units.flatMap((u) => {
      const at = `(j + a_slot${u} % ${depth / 4}u * 4u)`;
      return guarded(u, blocks, threads, [
        ...range(4).map((i) => `let a${u}_${i} = select(vec4f(), ${a.load(row(u, i), at)}, ${at} < end);`),
        ...turned(
          `a${u}`,
          (q) =>
            `tile_a[turn_a + (a_slot${u} % ${depth / 4}u * 4u + ${q}u) * ${quads}u + a_slot${u} / ${
              depth / 4
            }u]`,
        ),
      ]);
    }),
  };
}

/** Fills `tile_b[turn][depth][columns / 4]`. */
function loaderOfB({ b }: Problem, columns: number, depth: number, threads: number): Loader {
  const quads = columns / 4;
  if (b.along === "columns") {
    const units = shares(quads * depth, threads);
    return {
      before: units.map((u) => `  let b_slot${u} = thread + ${u * threads}u;`),
      line: [],
      load: units.flatMap((u) => {
        const at = `(j + b_slot${u} / ${quads}u)`;
        const value = b.load(at, `(first_quad + b_slot${u} % ${quads}u)`);
        return guarded(u, quads * depth, threads, [
          `tile_b[turn_b + b_slot${u}] = select(vec4f(), ${value}, ${at} < end);`,
        ]);
      }),
    };
  }
  const blocks = quads * depth / 4;
  const units = shares(blocks, threads);
  return {
    before: units.map((u) => `  let b_slot${u} = thread + ${u * threads}u;`),
    line: [],
    load: units.flatMap((u) => {
      const at = `(j + b_slot${u} % ${depth / 4}u * 4u)`;
      const column = (i: number) => `((first_quad + b_slot${u} / ${depth / 4}u) * 4u + ${i}u)`;
      return guarded(u, blocks, threads, [
        ...range(4).map((i) => `let b${u}_${i} = select(vec4f(), ${b.load(at, column(i))}, ${at} < end);`),
        ...turned(
          `b${u}`,
          (q) =>
            `tile_b[turn_b + (b_slot${u} % ${depth / 4}u * 4u + ${q}u) * ${quads}u + b_slot${u} / ${
              depth / 4
            }u]`,
        ),
      ]);
    }),
  };
}

/** How many rounds the threads need for `loads` loads. */
function shares(loads: number, threads: number): number[] {
  return range(Math.ceil(loads / threads));
}

/** Statements of one round in a block of their own, for the threads that have a load in it. */
function guarded(round: number, loads: number, threads: number, statements: string[]): string[] {
  const all = (round + 1) * threads <= loads;
  return [`      ${all ? "" : `if (thread + ${round * threads}u < ${loads}u) `}{`, ...statements, "      }"];
}

/** A block of four by four, turned: column `q` of the vectors `name_0` to `name_3` goes to `place(q)`. */
function turned(name: string, place: (q: number) => string): string[] {
  return range(4).map((q) => `${place(q)} = vec4f(${range(4).map((i) => `${name}_${i}[${q}]`).join(", ")});`);
}

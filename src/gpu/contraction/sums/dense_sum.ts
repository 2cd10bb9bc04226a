import type { FloatReader } from "../../kernel/images/float_reader.ts";
import { each, u32 } from "../../kernel/run_kernel.ts";
import type { FloatHolder } from "../../kernel/float_memory.ts";
import type { Sum } from "./contraction.ts";
import {
  type ColumnRuns,
  type DepthRuns,
  isAligned,
  operandMemory,
  type Operands,
  partOf,
  placesInRows,
  plainMemory,
  type Problem,
  type RowRuns,
  type WeightRuns,
} from "./problem.ts";
import { BLOCK, type DenseSizes, denseTerms } from "./reference.ts";

/** The product of two matrices, or of each pair of a batch of them, which are its phases. */
export function denseSum(operands: Operands, sizes: DenseSizes): Sum {
  const { rows, columns, depth, batch = 1 } = sizes;
  const detail = `${rows}x${depth} * ${depth}x${columns}`;
  const sum = { problem: denseProblem(operands, sizes), rows, columns, depth };
  return batch === 1
    ? { ...sum, detail, splittable: true }
    : { ...sum, detail: `${batch} of ${detail}`, phases: batch };
}

/**
 * Terms up to which the sum of a pair is a single one; longer ones are made of shorter sums. What these products make is
 * combined with signs, which enlarges the errors of long sums.
 */
const LONGEST_SINGLE = 512;

/** Terms of a part of a longer sum. */
const PAIR_RUN = 128;

function denseProblem(operands: Operands, sizes: DenseSizes): Problem {
  const { rows, columns, depth, transposeA, transposeB, batch = 1, blocked = false } = sizes;
  // Where the matrices of a pair begin: their rows, or the depths of those that are stored by depth
  const before = (extent: string) => batch === 1 ? "" : `phase * params.${extent} + `;
  const long = depth > LONGEST_SINGLE;
  const inRuns = batch > 1 && !transposeA && (long || !transposeB);
  const run = long ? PAIR_RUN : depth;
  const [columns4, depth4] = [isAligned(columns), isAligned(depth)];
  const a = transposeA
    ? rowRuns(operands.a, isAligned(rows), before("depth"))
    : depthRuns(operands.a, depth4, before("rows"));
  const b = blocked
    ? transposeB ? blockedWeightRuns(operands.b) : blockedColumnRuns(operands.b)
    : transposeB
    ? weightRuns(operands.b, depth4, before("columns"))
    : columnRuns(operands.b, columns4, depth4, before("depth"));
  return {
    label: `matmul ${transposeA ? "T" : "N"}${transposeB ? "T" : "N"}${blocked ? " blocked" : ""}`,
    terms: denseTerms(sizes),
    uniforms: (part) => ({
      ...each(u32, { rows, columns, depth, part }),
      ...(inRuns ? { run: u32(run) } : {}),
    }),
    declarations: [
      ...(transposeA ? [] : depth4 ? [] : [fourDepths("a", "row * params.depth", a.memory)]),
      ...(transposeB && !depth4 ? [fourDepths("b", "row * params.depth", b.memory)] : []),
    ].join("\n"),
    a,
    b,
    before: "",
    length: depth,
    ...(inRuns
      ? {
        open: "for (var first = 0u; first < params.depth; first += params.run) {",
        run: ["first", "min(first + params.run, params.depth)"] as const,
        loops: () => [[Math.ceil(depth / run)], run] as const,
        longRuns: true,
      }
      : {
        open: "",
        run: partOf("params.depth"),
        loops: (part: number) => [[], part] as const,
      }),
    alignedColumns: columns4,
    ...(batch === 1 ? {} : { outputRow: (row: string) => `(phase * params.rows + ${row})` }),
    rowExists: (row) => `${row} < params.rows`,
  };
}

function depthRuns(of: FloatHolder, aligned: boolean, before: string): DepthRuns {
  const operand = plainMemory(of, aligned);
  return {
    along: "depth",
    ...operand,
    row: (r, row) => `let a_row${r} = ${before}${row};`,
    line: () => "",
    load: (r, j, inside) => {
      const value = aligned
        ? operand.memory.load(`(a_row${r} * params.depth + ${j}) >> 2u`)
        : `four_a(a_row${r}, ${j})`;
      return inside ? `select(vec4f(), ${value}, ${inside})` : value;
    },
  };
}

function rowRuns(of: FloatHolder, aligned: boolean, before: string): RowRuns {
  const operand = operandMemory("a", of, aligned);
  return {
    along: "rows",
    ...operand,
    quad: (q, row) => `let a_quad${q} = ${row};`,
    depth: (name, depth, whole) =>
      `let a_depth${name} = ${depth}; let a_inside${name} = ${whole ? "true" : `${depth} < end`};`,
    load: (q, name) => {
      const depth = before ? `(${before}a_depth${name})` : `a_depth${name}`;
      const at = `${depth} * params.rows + a_quad${q}`;
      const value = fourFrom(at, aligned, operand.memory);
      return `select(vec4f(), ${value}, a_inside${name})`;
    },
  };
}

function columnRuns(of: FloatHolder, aligned: boolean, depth4: boolean, before: string): ColumnRuns {
  const operand = operandMemory("b", of, aligned);
  const line = (j: string) => before ? `(${before}${j})` : j;
  return {
    along: "columns",
    ...operand,
    load: (j, quad) => {
      const value = fourFrom(`${line(j)} * params.columns + ${quad} * 4u`, aligned, operand.memory);
      return depth4 ? value : `select(vec4f(), ${value}, ${j} < params.depth)`;
    },
    ...placesInRows(line, "params.columns", operand),
  };
}

function weightRuns(of: FloatHolder, aligned: boolean, before: string): WeightRuns {
  const operand = operandMemory("b", of, aligned);
  const { memory } = operand;
  const line = (column: string) => before ? `(${before}${column})` : column;
  return {
    along: "depth",
    ...operand,
    load: (j, column) =>
      aligned
        ? memory.load(`(${line(column)} * params.depth + ${j}) >> 2u`)
        : `four_b(${line(column)}, ${j})`,
    single: (j, column) => {
      const at = `(${line(column)} * params.depth + ${j})`;
      return aligned
        ? `${memory.load(`${at} >> 2u`)}[${at} & 3u]`
        : `select(0.0, ${memory.load(at)}, ${j} < params.depth)`;
    },
  };
}

/** Rows of B that lie in blocks of columns. */
function blockedColumnRuns(of: FloatHolder): ColumnRuns {
  const operand = operandMemory("b", of, true);
  const place = (j: string, quad: string) => {
    const block = `phase * (params.columns / ${BLOCK}u) + ${quad} / ${BLOCK / 4}u`;
    return `((${block}) * params.depth + ${j}) * ${BLOCK / 4}u + ${quad} % ${BLOCK / 4}u`;
  };
  const loadFrom = (place: string) => operand.memory.load(place);
  const load = (j: string, quad: string) => loadFrom(place(j, quad));
  return { along: "columns", ...operand, load, place, step: `${BLOCK / 4}u`, loadFrom };
}

/** The same of B that is stored transposed: its rows lie in blocks of depths. */
function blockedWeightRuns(of: FloatHolder): WeightRuns {
  const operand = operandMemory("b", of, true);
  const load = (j: string, column: string) => {
    const block = `phase * (params.depth / ${BLOCK}u) + ${j} / ${BLOCK}u`;
    return operand.memory.load(
      `((${block}) * params.columns + ${column}) * ${BLOCK / 4}u + ${j} % ${BLOCK}u / 4u`,
    );
  };
  return { along: "depth", ...operand, load, single: (j, column) => `${load(j, column)}[${j} & 3u]` };
}

/** Four neighbors from an element on, which is a multiple of four if they are aligned. */
function fourFrom(at: string, aligned: boolean, { load }: FloatReader): string {
  if (aligned) return load(`(${at}) >> 2u`);
  return `vec4f(${load(at)}, ${[1, 2, 3].map((i) => load(`${at} + ${i}u`)).join(", ")})`;
}

/** Four depths of one row of a matrix whose rows begin anywhere; zeros past the end of the row. */
function fourDepths(name: string, start: string, { load }: FloatReader): string {
  const element = (i: number) => `select(0.0, ${load(`at + ${i}u`)}, j + ${i}u < params.depth)`;
  return `fn four_${name}(row: u32, j: u32) -> vec4f {
  let at = ${start} + j;
  return vec4f(${[0, 1, 2, 3].map(element).join(", ")});
}`;
}

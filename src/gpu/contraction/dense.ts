import type { ColumnRuns, DepthRuns, Problem, RowRuns, WeightRuns } from "./problem.ts";
import { denseTerms } from "./terms.ts";

/** Which way a matrix lies in memory, and whether its rows begin at multiples of four elements. */
export interface DenseLayout {
  /** `A` is stored `[depth, rows]` instead of `[rows, depth]`. */
  readonly transposeA: boolean;
  /** `B` is stored `[columns, depth]` instead of `[depth, columns]`. */
  readonly transposeB: boolean;
  /** The number of rows is a multiple of four. */
  readonly rows4: boolean;
  /** The number of columns is a multiple of four. */
  readonly columns4: boolean;
  /** The depth is a multiple of four. */
  readonly depth4: boolean;
}

/** The product of two matrices. Uniforms: `rows`, `columns`, `depth`, `part` (depth of one part of a split sum). */
export function denseProblem(layout: DenseLayout): Problem {
  const { transposeA, transposeB, rows4, columns4, depth4 } = layout;
  return {
    label: `matmul ${transposeA ? "T" : "N"}${transposeB ? "T" : "N"}`,
    terms: denseTerms(transposeA, transposeB),
    uniforms: { rows: "u32", columns: "u32", depth: "u32", part: "u32" },
    declarations: [
      ...(transposeA ? [] : depth4 ? [] : [fourDepths("a", "row * params.depth")]),
      ...(transposeB && !depth4 ? [fourDepths("b", "row * params.depth")] : []),
    ].join("\n"),
    a: transposeA ? rowRuns(rows4) : depthRuns(depth4),
    b: transposeB ? weightRuns(depth4) : columnRuns(columns4, depth4),
    before: "",
    open: "",
    run: ["split * params.part", "min(split * params.part + params.part, params.depth)"],
    alignedColumns: columns4,
    rowExists: (row) => `${row} < params.rows`,
  };
}

function depthRuns(aligned: boolean): DepthRuns {
  return {
    along: "depth",
    type: aligned ? "array<vec4f>" : "array<f32>",
    row: (r, row) => `let a_row${r} = ${row};`,
    line: () => "",
    load: (r, j) => aligned ? `a[(a_row${r} * params.depth + ${j}) >> 2u]` : `four_a(a_row${r}, ${j})`,
  };
}

function rowRuns(aligned: boolean): RowRuns {
  const type = aligned ? "array<vec4f>" : "array<f32>";
  return {
    along: "rows",
    type,
    quad: (q, row) => `let a_quad${q} = ${row};`,
    depth: (name, depth) => `let a_depth${name} = ${depth}; let a_inside${name} = ${depth} < end;`,
    load: (q, name) => {
      const at = `a_depth${name} * params.rows + a_quad${q}`;
      const value = aligned
        ? `a[(${at}) >> 2u]`
        : `vec4f(a[${at}], a[${at} + 1u], a[${at} + 2u], a[${at} + 3u])`;
      return `select(vec4f(), ${value}, a_inside${name})`;
    },
  };
}

function columnRuns(aligned: boolean, depth4: boolean): ColumnRuns {
  return {
    along: "columns",
    type: aligned ? "array<vec4f>" : "array<f32>",
    load: (j, quad) => {
      const at = `${j} * params.columns + ${quad} * 4u`;
      const value = aligned
        ? `b[(${at}) >> 2u]`
        : `vec4f(b[${at}], b[${at} + 1u], b[${at} + 2u], b[${at} + 3u])`;
      return depth4 ? value : `select(vec4f(), ${value}, ${j} < params.depth)`;
    },
  };
}

function weightRuns(aligned: boolean): WeightRuns {
  return {
    along: "depth",
    type: aligned ? "array<vec4f>" : "array<f32>",
    load: (j, column) => aligned ? `b[(${column} * params.depth + ${j}) >> 2u]` : `four_b(${column}, ${j})`,
    single: (j, column) => {
      const at = `(${column} * params.depth + ${j})`;
      return aligned ? `b[${at} >> 2u][${at} & 3u]` : `select(0.0, b[${at}], ${j} < params.depth)`;
    },
  };
}

/** Four depths of one row of a matrix whose rows begin anywhere; zeros past the end of the row. */
function fourDepths(name: string, start: string): string {
  const element = (i: number) => `select(0.0, ${name}[at + ${i}u], j + ${i}u < params.depth)`;
  return `fn four_${name}(row: u32, j: u32) -> vec4f {
  let at = ${start} + j;
  return vec4f(${[0, 1, 2, 3].map(element).join(", ")});
}`;
}

import type { FloatHolder, FloatMemory } from "../../kernel/float_memory.ts";
import { each, u32 } from "../../kernel/run_kernel.ts";
import type { Sum } from "./contraction.ts";
import {
  type ColumnRuns,
  type DepthRuns,
  isAligned,
  operandMemory,
  type Operands,
  plainMemory,
  type Problem,
  type RowRuns,
  type WeightRuns,
} from "./problem.ts";
import { type DenseSizes, denseTerms } from "./reference.ts";

/** The product of two matrices. */
export function denseSum(operands: Operands, sizes: DenseSizes): Sum {
  const { rows, columns, depth } = sizes;
  return {
    problem: denseProblem(operands, sizes),
    rows,
    columns,
    depth,
    detail: `${rows}x${depth} * ${depth}x${columns}`,
    splittable: true,
  };
}

function denseProblem(operands: Operands, sizes: DenseSizes): Problem {
  const { rows, columns, depth, transposeA, transposeB } = sizes;
  const [columns4, depth4] = [isAligned(columns), isAligned(depth)];
  const a = transposeA ? rowRuns(operands.a, isAligned(rows)) : depthRuns(operands.a, depth4);
  const b = transposeB ? weightRuns(operands.b, depth4) : columnRuns(operands.b, columns4, depth4);
  return {
    label: `matmul ${transposeA ? "T" : "N"}${transposeB ? "T" : "N"}`,
    terms: denseTerms(sizes),
    uniforms: (part) => each(u32, { rows, columns, depth, part }),
    declarations: [
      ...(transposeA ? [] : depth4 ? [] : [fourDepths("a", "row * params.depth", a.memory)]),
      ...(transposeB && !depth4 ? [fourDepths("b", "row * params.depth", b.memory)] : []),
    ].join("\n"),
    a,
    b,
    before: "",
    open: "",
    run: ["split * params.part", "min(split * params.part + params.part, params.depth)"],
    loops: (part) => [[], part],
    alignedColumns: columns4,
    rowExists: (row) => `${row} < params.rows`,
  };
}

function depthRuns(of: FloatHolder, aligned: boolean): DepthRuns {
  const operand = plainMemory(of, aligned);
  return {
    along: "depth",
    ...operand,
    row: (r, row) => `let a_row${r} = ${row};`,
    line: () => "",
    load: (r, j) =>
      aligned ? operand.memory.load(`a[(a_row${r} * params.depth + ${j}) >> 2u]`) : `four_a(a_row${r}, ${j})`,
  };
}

function rowRuns(of: FloatHolder, aligned: boolean): RowRuns {
  const operand = operandMemory(of, aligned);
  return {
    along: "rows",
    ...operand,
    quad: (q, row) => `let a_quad${q} = ${row};`,
    depth: (name, depth) => `let a_depth${name} = ${depth}; let a_inside${name} = ${depth} < end;`,
    load: (q, name) => {
      const at = `a_depth${name} * params.rows + a_quad${q}`;
      const value = fourFrom("a", at, aligned, operand.memory);
      return `select(vec4f(), ${value}, a_inside${name})`;
    },
  };
}

function columnRuns(of: FloatHolder, aligned: boolean, depth4: boolean): ColumnRuns {
  const operand = operandMemory(of, aligned);
  return {
    along: "columns",
    ...operand,
    load: (j, quad) => {
      const at = `${j} * params.columns + ${quad} * 4u`;
      const value = fourFrom("b", at, aligned, operand.memory);
      return depth4 ? value : `select(vec4f(), ${value}, ${j} < params.depth)`;
    },
  };
}

function weightRuns(of: FloatHolder, aligned: boolean): WeightRuns {
  const operand = operandMemory(of, aligned);
  const { memory } = operand;
  return {
    along: "depth",
    ...operand,
    load: (j, column) =>
      aligned ? memory.load(`b[(${column} * params.depth + ${j}) >> 2u]`) : `four_b(${column}, ${j})`,
    single: (j, column) => {
      const at = `(${column} * params.depth + ${j})`;
      return aligned
        ? `${memory.load(`b[${at} >> 2u]`)}[${at} & 3u]`
        : `select(0.0, ${memory.load(`b[${at}]`)}, ${j} < params.depth)`;
    },
  };
}

/** Four neighbors from an element on, which is a multiple of four if they are aligned. */
function fourFrom(name: string, at: string, aligned: boolean, { load }: FloatMemory): string {
  if (aligned) return load(`${name}[(${at}) >> 2u]`);
  return `vec4f(${load(`${name}[${at}]`)}, ${
    [1, 2, 3].map((i) => load(`${name}[${at} + ${i}u]`)).join(", ")
  })`;
}

/** Four depths of one row of a matrix whose rows begin anywhere; zeros past the end of the row. */
function fourDepths(name: string, start: string, { load }: FloatMemory): string {
  const element = (i: number) => `select(0.0, ${load(`${name}[at + ${i}u]`)}, j + ${i}u < params.depth)`;
  return `fn four_${name}(row: u32, j: u32) -> vec4f {
  let at = ${start} + j;
  return vec4f(${[0, 1, 2, 3].map(element).join(", ")});
}`;
}

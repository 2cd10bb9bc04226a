import { type FloatHolder, type FloatMemory, type FloatWidth, memoryOf } from "../../kernel/float_memory.ts";
import { type FloatReader, floatReader } from "../../kernel/images/float_reader.ts";
import { isImage } from "../../kernel/images/image_memory.ts";
import type { Access } from "../../kernel/kernel.ts";
import type { Uniform } from "../../kernel/run_kernel.ts";
import type { EpilogueActivation } from "../../kernel/activation.ts";
import type { GateFacts } from "../gate.ts";
import type { Terms } from "./reference.ts";

/**
 * A sum of products `C[row, column] = Σ over depth of A[row, depth] * B[depth, column]`, described by how its operands
 * are found in memory. Matrix products, convolutions and both of their gradients are such sums; they differ only in
 * this description, which the schedules in this folder turn into kernels.
 *
 * The depth is walked by `open` (loops around) and, inside them, in steps along a contiguous run. WGSL snippets see
 * `params` and the variables named below.
 */
export interface Problem {
  /** Name for profiles. */
  readonly label: string;
  /** What is summed up. */
  readonly terms: Terms;
  /** Numbers that the snippets read as `params.name`, for parts of this depth of a split sum. */
  readonly uniforms: (part: number) => Readonly<Record<string, Uniform>>;
  /** WGSL functions that the snippets call. */
  readonly declarations: string;
  /** How the left operand is read. */
  readonly a: DepthRuns | RowRuns;
  /** How the right operand is read. */
  readonly b: ColumnRuns | WeightRuns;
  /** Statements before anything else. */
  readonly before: string;
  /** Opening lines of the loops around a run; each `{` is closed by the schedule. */
  readonly open: string;
  /** Length of a run; if runs are pieces of a longer one, of that. */
  readonly length: number;
  /** First and end of the run, as WGSL expressions; the schedule's loop variable is `j`. */
  readonly run: readonly [start: string, end: string];
  /** The same of a part of it, if runs may be cut and `run` is that of a whole one. */
  readonly partOfRun?: readonly [start: string, end: string];
  /** How often the loops of `open` go round at most, from the outermost in, and how long a run is, for such parts. */
  readonly loops: (part: number) => readonly [around: readonly number[], run: number];
  /**
   * Each run begins with sums of its own, which are added up: a few sums round less than one as long as all of them.
   * Not if runs are short, as adding up costs time.
   *
   * @default {false}
   */
  readonly longRuns?: boolean;
  /** Elements of the output row are read and written as `vec4f`. */
  readonly alignedColumns: boolean;
  /**
   * The row of the output in memory where `row` goes, as a WGSL expression. Rows lie in their own order if this is
   * not given.
   */
  readonly outputRow?: (row: string) => string;
  /**
   * How far apart rows lie where they go, as a WGSL expression, if four of them from a multiple of four on lie evenly, and
   * are there together or not at all.
   */
  readonly outputStep?: string;
  /**
   * Rows of the output, as a WGSL expression, if they are not `params.rows`.
   *
   * @default {"params.rows"}
   */
  readonly outputRows?: string;
  /** Whether `row` is there, as a WGSL expression; others are not stored. */
  rowExists(row: string): string;
}

/** A left operand whose neighbors in memory follow each other in depth: a load gives four depths of one row. */
export interface DepthRuns {
  readonly along: "depth";
  /** What a load gives: elements one by one, or in fours. */
  readonly width: FloatWidth;
  /** How the elements are found in memory. */
  readonly memory: FloatReader;
  /** Statements, once for each row a thread loads; `r` names the register and `row` is an expression. */
  row(r: number, row: string): string;
  /** Statements inside the loops of `open`, for each row register. */
  line(r: number): string;
  /**
   * The load: four depths from `j`, zero where there is nothing, as an expression.
   *
   * @param inside A condition for depths of the run, if `j` may lie past its end.
   */
  load(r: number, j: string, inside?: string): string;
  /** The same for the other three of four rows, of which the first is a multiple of four, if they lie side by side. */
  readonly beside?: RowsBeside;
}

/** Rows of a left operand that lie side by side: what is known of the first says all of the others. */
export interface RowsBeside {
  /** Statements of row `r`, which is `apart` after row `first`. */
  row(r: number, first: number, apart: number): string;
  /** Statements inside the loops of `open`. */
  line(r: number, first: number, apart: number): string;
}

/** A left operand whose neighbors in memory follow each other in rows: a load gives four rows at one depth. */
export interface RowRuns {
  readonly along: "rows";
  /** What a load gives: elements one by one, or in fours. */
  readonly width: FloatWidth;
  /** How the elements are found in memory. */
  readonly memory: FloatReader;
  /** Statements, once for each group of four rows; `q` names it and `row` is the first row, as an expression. */
  quad(q: number, row: string): string;
  /**
   * Statements at each depth; `name` is the variable suffix, `depth` the expression.
   *
   * @param whole No depth lies past the end of the run.
   */
  depth(name: string, depth: string, whole?: boolean): string;
  /** The load of group `q` at the depth named `name`. */
  load(q: number, name: string): string;
}

/** A right operand whose neighbors in memory follow each other in columns. */
export interface ColumnRuns {
  readonly along: "columns";
  /** What a load gives: elements one by one, or in fours. */
  readonly width: FloatWidth;
  /** How the elements are found in memory. */
  readonly memory: FloatReader;
  /** Four columns from `4 * quad` at depth `j`, zero past the end of the run, as an expression. */
  load(j: string, quad: string): string;
  /** Where four columns from `4 * quad` at depth `j` lie, as an expression. */
  place(j: string, quad: string): string;
  /** From the place of a depth to that of the next, as an expression. */
  readonly step: string;
  /** Four columns from a place on, which must be one of a depth that there is. */
  loadFrom(place: string): string;
}

/** A right operand whose neighbors in memory follow each other in depth. */
export interface WeightRuns {
  readonly along: "depth";
  /** What a load gives: elements one by one, or in fours. */
  readonly width: FloatWidth;
  /** How the elements are found in memory. */
  readonly memory: FloatReader;
  /** Four depths from `j` of one column, as an expression. */
  load(j: string, column: string): string;
  /** One depth of one column, as an expression. */
  single(j: string, column: string): string;
}

/** What a schedule adds after the sum. */
export interface Epilogue {
  /** Add a bias for each column. */
  readonly bias: boolean;
  /** Apply an activation. */
  readonly activation: EpilogueActivation | undefined;
  /** Pass a gate. */
  readonly gate?: GateFacts | undefined;
  /** Runs may be cut; sums of their parts are written one after another. */
  readonly split: boolean;
  /** Tiles cover the rows exactly, so that every row of a thread is there. */
  readonly wholeRows: boolean;
  /** Tiles cover the columns exactly. */
  readonly wholeColumns: boolean;
  /** The output. */
  readonly output: FloatHolder;
}

/** What a contraction multiplies. */
export interface Operands {
  /** The left operand. */
  readonly a: FloatHolder;
  /** The right operand. */
  readonly b: FloatHolder;
}

/**
 * How a left operand along the depth is read: by plain floats. Its values are passed around, which measured slower on
 * llvmpipe if they came out of larger integers first; the other operands gain by those.
 */
export function plainMemory(operand: FloatHolder, aligned: boolean): Pick<DepthRuns, "width" | "memory"> {
  return operandMemory("a", isImage(operand) ? operand : { dtype: operand.dtype }, aligned);
}

/** How an operand's elements are found in memory, and what a load of them gives. */
export function operandMemory(
  name: "a" | "b",
  operand: FloatHolder,
  aligned: boolean,
): Pick<DepthRuns, "width" | "memory"> {
  const width = aligned ? "vec4f" : "f32";
  return { width, memory: floatReader(name, operand, width) };
}

/** Rows of this length begin at multiples of four elements, so that loads may take four at once. */
export function isAligned(length: number): boolean {
  return length % 4 === 0;
}

/** Both conditions, without a branch between them. */
export function and(condition: string, other: string | undefined): string {
  return other === undefined ? condition : `(${condition}) & (${other})`;
}

/** The run of a part of a longer one. */
export function partOf(end: string): readonly [start: string, end: string] {
  return ["split * params.part", `min(split * params.part + params.part, ${end})`];
}

/** How the output lies in memory. */
export function outputMemory({ alignedColumns }: Problem, { output }: Epilogue): FloatMemory {
  return memoryOf(output, alignedColumns ? "vec4f" : "f32");
}

/**
 * Places in rows of a right operand that lie one after another, each of so many columns: in fours if it is read in fours.
 *
 * @param line The number of a row among all, of the one at a depth.
 */
export function placesInRows(
  line: (j: string) => string,
  columns: string,
  { width, memory }: Pick<ColumnRuns, "width" | "memory">,
): Pick<ColumnRuns, "place" | "step" | "loadFrom"> {
  const step = width === "vec4f" ? `(${columns} >> 2u)` : columns;
  return {
    step,
    place: (j, quad) => `(${line(j)} * ${step} + ${quad}${width === "vec4f" ? "" : " * 4u"})`,
    loadFrom: (place) =>
      width === "vec4f"
        ? memory.load(place)
        : `vec4f(${[0, 1, 2, 3].map((i) => memory.load(`${place} + ${i}u`)).join(", ")})`,
  };
}

/** How the results of a gate lie in memory: as the output does. */
function gateMemory({ alignedColumns }: Problem, { of }: GateFacts): FloatMemory {
  return memoryOf(of, alignedColumns ? "vec4f" : "f32");
}

/** Buffers of a contraction's kernel, in order. */
export function contractionBindings(
  problem: Problem,
  epilogue: Epilogue,
): Record<string, readonly [Access, string]> {
  return {
    a: [problem.a.memory.access, problem.a.memory.array],
    b: [problem.b.memory.access, problem.b.memory.array],
    ...(epilogue.bias ? { bias: ["read", "array<f32>"] as const } : {}),
    ...(epilogue.gate ? { gate: ["read", gateMemory(problem, epilogue.gate).array] as const } : {}),
    output: ["write", outputMemory(problem, epilogue).array],
  };
}

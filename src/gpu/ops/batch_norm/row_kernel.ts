import type { Device } from "../../device/device.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, type KernelPart, runKernel, u32 } from "../../kernel/run_kernel.ts";
import { type ChannelRows, channelRows, type RowGroups, threadRows } from "./channel_rows.ts";

/** A part of a kernel over a layout, and its statements, which see what {@linkcode walk} defines. */
export interface RowPart extends KernelPart {
  /** Statements. */
  readonly lines?: string;
}

/** A part, or only statements. */
export type Lines = RowPart | string | null;

/** Statements one after another. */
export function linesOf(...all: readonly Lines[]): string {
  return all.map((part) => typeof part === "string" ? part : part?.lines).filter(Boolean).join("\n");
}

/** The same part with its statements under a condition, if it has any. */
export function when(condition: string, part: RowPart | null): RowPart | null {
  return part?.lines ? { ...part, lines: `  if (${condition}) {\n${part.lines}\n  }` } : part;
}

/** Condition of the threads that hold what those of their column merged. */
export const FIRST_LINE = "line == 0u && inside";

/** Runs a kernel over a layout. The body is the statements of its parts if none is given. */
export function runRows(
  device: Device,
  layout: ChannelRows,
  { label, parts, iterations, body = linesOf(...parts), whole = false }: {
    readonly label: string;
    readonly parts: readonly Lines[];
    readonly iterations: number;
    readonly body?: string;
    /** The layout is one of whole columns, of which there may be more than workgroups along one axis. */
    readonly whole?: boolean;
  },
): void {
  const { width, rows, lanes, rowsEach, blocks, groups, threads } = layout;
  const columns = lanes === threads
    ? "index"
    : "(group.y * groups.x + group.x) * params.lanes + thread % params.lanes";
  const walking = { uniforms: each(u32, { width, rows, lanes, rows_each: rowsEach }) };
  runKernel(device, {
    label,
    parts: [walking, ...parts.filter((part) => typeof part === "object" && part !== null)],
    iterations,
    workgroup: threads,
    grid: whole ? linearGrid(width, lanes) : [Math.ceil(width / lanes), blocks, groups],
    body: `${walk(threads, whole ? columns : "group.x * params.lanes + thread % params.lanes")}\n${body}`,
  });
}

/** What a pass does with each row by itself. */
export interface RowFormula extends KernelPart {
  /** Statements that define values for the row whose elements are at `at${k}`. Their names end in `k`. */
  readonly found: (k: string) => string;
  /** The statement that stores what follows from these values. */
  readonly stored: (k: string) => string;
}

/**
 * The statements for all rows of a thread, from `row` on. With several rows at once, all of them are read before the
 * first is written: a compiler must not change that order by itself, and a graphics card then waits for memory less
 * often.
 */
export function eachRow({ found, stored, ...part }: RowFormula, atOnce: number): RowPart {
  const single = `  for (; row < end; row += height) {
    let at = row * params.width + column;
${found("")}
${stored("")}
  }`;
  if (atOnce === 1) return { ...part, lines: single };
  const all = Array.from({ length: atOnce }, (_, k) => k);
  const several = `  for (; row + ${atOnce - 1}u * height < end; row += ${atOnce}u * height) {
${all.map((k) => `    let at${k} = (row + ${k}u * height) * params.width + column;`).join("\n")}
${all.map((k) => found(`${k}`)).join("\n")}
${all.map((k) => stored(`${k}`)).join("\n")}
  }`;
  return { ...part, lines: `${several}\n${single}` };
}

/** Iterations of {@linkcode eachRow}. */
export function rowIterations(rows: number, atOnce: number): number {
  return atOnce === 1
    ? loopIterations(rows)
    : loopIterations(Math.floor(rows / atOnce)) + loopIterations(Math.min(rows, atOnce - 1));
}

/** Runs one pass over rows. */
export function runPass(
  device: Device,
  rows: RowGroups,
  label: string,
  parts: readonly Lines[],
  formula: RowFormula | null = null,
): void {
  const layout = channelRows(device, rows);
  const { rowsAtOnce } = layout;
  runRows(device, layout, {
    label,
    parts: [...parts, formula && eachRow(formula, rowsAtOnce)],
    iterations: formula ? rowIterations(threadRows(layout), rowsAtOnce) : 0,
  });
}

/**
 * Start of a kernel over a layout: the thread's `column`, the group of rows (`batch`), the `row` it begins with, the
 * rows to go on by (`height`) and the `end` of its block. Threads beside the last column have nothing to do (`inside` is
 * false) but reach barriers; they may read what belongs to column `clamped`.
 */
function walk(threads: number, column: string): string {
  return `  let column = ${column};
  let inside = column < params.width;
  let clamped = min(column, params.width - 1u);
  let height = ${threads}u / params.lanes;
  let line = thread / params.lanes;
  let batch = group.z;
  let top = batch * params.rows + group.y * params.rows_each;
  let end = select(0u, min((batch + 1u) * params.rows, top + params.rows_each), inside);
  var row = top + line;`;
}

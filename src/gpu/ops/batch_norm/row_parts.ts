import { loopIterations } from "../../kernel/iterations.ts";
import { each, u32 } from "../../kernel/run_kernel.ts";
import { workgroupTree } from "../../kernel/workgroup_tree.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ChannelRows } from "./channel_rows.ts";
import { loading } from "./column_values.ts";
import type { RowPart } from "./row_kernel.ts";

/** How rows become one struct for each column, `found`. The part's statements find that of a thread's rows. */
export interface Reduction extends RowPart {
  /** Name of the struct. */
  readonly struct: string;
  /** Name of the function that merges two of them. */
  readonly merge: string;
  /** Declares both. */
  readonly declarations: string;
  /** Iterations of a thread with so many rows. */
  readonly iterationsOf: (rows: number) => number;
  /** Statements after all is merged, of rows or of parts. */
  readonly finish: string;
  /** Fields that a part keeps: two. */
  readonly kept: readonly [string, string];
  /** Statements before the first part of a group is read. */
  readonly begin: string;
  /** The struct of a part, from its number, `part`, and the fields that it kept, by their names. */
  readonly restored: string;
}

/**
 * What a reduction keeps of blocks of rows: `[groups, parts, 2, channels]`, each part of a group's rows but perhaps the
 * last `rowsEach` rows long.
 */
export interface RowParts {
  /** What is kept. */
  readonly values: Tensor;
  /** How the rows were laid out. */
  readonly layout: ChannelRows;
}

/** Merges `found` of the threads of a column in a tree. */
export function mergingThreads({ struct, merge }: Reduction, { threads }: ChannelRows): RowPart {
  const lines = workgroupTree({
    value: "found",
    half: "height / 2u",
    shared: "shared_found",
    lane: "line",
    stride: "params.lanes",
    merge: (other) => `found = ${merge}(found, ${other});`,
    stored: true,
  });
  return { declarations: `var<workgroup> shared_found: array<${struct}, ${threads}>;`, lines };
}

/** Merges parts of group `batch` to `found`: from one on, before `end`, in steps. */
export function mergingParts(
  { values, layout }: RowParts,
  of: Reduction,
  [from, end, step]: readonly [from: string, end: string, step: string],
): RowPart {
  const part = loading({ buffer: "partials", names: of.kept }, values, "(batch * params.parts + part)");
  return {
    ...part,
    declarations: of.declarations,
    uniforms: each(u32, { parts: layout.blocks, part_rows: layout.rowsEach }),
    lines: `${of.begin}
  var found = ${of.struct}();
  for (var part = ${from}; part < ${end}; part += ${step}) {
${part.lines}
    found = ${of.merge}(found, ${of.restored});
  }`,
  };
}

/** Parts that a kernel adds up in every thread at most, instead of a launch of their own. */
const MAX_PARTS_IN_KERNEL = 16;

/** Whether the kernel that needs the totals of these parts is to add them up by itself. */
export function mergesInKernel({ values, layout }: RowParts): boolean {
  return layout.blocks <= MAX_PARTS_IN_KERNEL &&
    mergeIterations({ values, layout }) <= values.device.capabilities.loopIterations / 2;
}

/** Iterations of a thread that adds up the parts of its own group, and then those of each group. */
export function mergeIterations({ layout: { groups, blocks } }: RowParts): number {
  return loopIterations(blocks) + loopIterations(groups, loopIterations(blocks));
}

/** Statements for several rows at a time. */
export function unrolled(rows: number, statement: (k: number) => string): string {
  return Array.from({ length: rows }, (_, k) => statement(k)).join("\n");
}

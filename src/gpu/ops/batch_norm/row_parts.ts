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
  /** Statements before the first part of a group is read, which begins at an index of `partials`. */
  readonly begin: (at: string) => string;
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
  readonly layout: Pick<ChannelRows, "groups" | "blocks" | "rowsEach">;
  /** Groups from one part to the next where a part has all groups: `[parts, groupsEach, 2, channels]`. */
  readonly groupsEach?: number;
}

/** Threads of a workgroup from which on memory is dearer than barriers: a graphics card runs more of these at once. */
const SPARING_THREADS = 64;

/** Merges `found` of the threads of a column in a tree: the first thread gets it all. */
export function mergingThreads(reduction: Reduction, { threads, lanes }: ChannelRows): RowPart {
  return mergingLines(reduction, lanes, threads, threads >= SPARING_THREADS);
}

/** Merges `found` of some lines of threads, the first ones, and gives every thread of a column all of it. */
export function sharingTotal(reduction: Reduction, { lanes }: ChannelRows, lines: number): RowPart {
  const tree = mergingLines(reduction, lanes, lanes * lines, true);
  return {
    ...tree,
    lines: `${tree.lines}
  if (line == 0u) { shared_found[thread] = found; }
  workgroupBarrier();
  found = shared_found[thread % params.lanes];`,
  };
}

function mergingLines(
  { struct, merge }: Reduction,
  lanes: number,
  threads: number,
  halved: boolean,
): RowPart {
  const lines = workgroupTree({
    value: "found",
    half: halved ? `${Math.floor(threads / lanes / 2)}u` : "height / 2u",
    shared: "shared_found",
    lane: "line",
    stride: "params.lanes",
    merge: (other) => `found = ${merge}(found, ${other});`,
    ...(halved ? { halved } : { stored: true }),
  });
  const places = halved ? Math.max(lanes, threads / 2) : threads;
  return { declarations: `var<workgroup> shared_found: array<${struct}, ${places}>;`, lines };
}

/** Merges parts of group `batch` to `found`: from one on, before `end`, in steps. */
export function mergingParts(
  { values, layout, groupsEach }: RowParts,
  of: Reduction,
  [from, end, step]: readonly [from: string, end: string, step: string],
): RowPart {
  const [place, first] = groupsEach === undefined
    ? ["(batch * params.parts + part)", "batch * params.parts"]
    : ["(part * params.groups_each + batch)", "batch"];
  const part = loading({ buffer: "partials", names: of.kept }, values, place);
  return {
    ...part,
    declarations: of.declarations,
    uniforms: {
      ...each(u32, { parts: layout.blocks, part_rows: layout.rowsEach }),
      ...(groupsEach === undefined ? {} : { groups_each: u32(groupsEach) }),
    },
    lines: `${of.begin(`${first} * 2u * params.width + clamped`)}
  var found = ${of.struct}();
  for (var part = ${from}; part < ${end}; part += ${step}) {
${part.lines}
    found = ${of.merge}(found, ${of.restored});
  }`,
  };
}

/** Statements for several rows at a time. */
export function unrolled(rows: number, statement: (k: number) => string): string {
  return Array.from({ length: rows }, (_, k) => statement(k)).join("\n");
}

import { each, type KernelPart, u32 } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { RowGroups } from "./channel_rows.ts";
import { type ColumnValues, storing } from "./column_values.ts";
import { FIRST_LINE, type Lines, linesOf, type RowFormula, type RowPart, when } from "./row_kernel.ts";
import type { Reduction } from "./row_parts.ts";

/**
 * Two passes over the rows of each group: one reduces them to a total, `found`, and one uses what follows from that.
 *
 * Statements find their group in `batch` and their column in `clamped`.
 */
export interface TwoPasses {
  /** Of kernels: both passes, the first, the merging of its parts, the second, and the second with the merging. */
  readonly labels: Readonly<Record<"both" | "first" | "merging" | "second" | "secondMerging", string>>;
  /** What the rows fall into. */
  readonly rows: RowGroups;
  /** What the first pass reads row by row. */
  readonly first: KernelPart;
  /** What the second pass reads, if it is a launch of its own. */
  readonly source: KernelPart;
  /** How many tensors that is. */
  readonly reads: number;
  /** What is known of each group before. */
  readonly given: RowPart | null;
  /** The first pass. */
  readonly reduction: Reduction;
  /** What the first pass does beside that, at its end. */
  readonly once: RowPart | null;
  /** What follows from a total; null if the second pass needs nothing. */
  readonly ready: Ready | null;
  /** What becomes of the totals. */
  readonly totals: Totals | null;
  /** Where a batch passes in shards: whether that is for the totals of all of them together, or for each one's. */
  readonly totalsOf: "batch" | "shard";
  /** The second pass; null if only totals are wanted. */
  readonly second: RowFormula | null;
}

/** Statements that define values for the second pass. */
export interface Ready extends RowPart {
  /** The values. */
  readonly values: ColumnValues;
  /** Where to keep them. If not given, they last until the second pass. */
  readonly kept?: Tensor;
}

/** Statements for the total of each group in turn, from the first one on. */
export interface Totals extends RowPart {
  /** Statements before the first group. */
  readonly start: string;
  /** Statements after the last one. */
  readonly end: string;
}

/** Statements for one group after another. */
export function inTurn(totals: Totals | null, ...all: readonly Lines[]): string {
  const start = "  for (var batch = 0u; batch < params.groups; batch += 1u) {";
  const end = totals && when(FIRST_LINE, { lines: totals.end });
  return linesOf(totals && totals.start, start, ...all, "  }", end);
}

/** What kernels know of the groups. */
export function grouped({ groups, rows }: RowGroups): KernelPart {
  return { uniforms: each(u32, { groups, group_rows: rows }) };
}

/** Stores what follows from a total, if that is to be kept. */
export function keeping(ready: Ready | null): RowPart | null {
  return ready?.kept ? storing(ready.values, ready.kept) : null;
}

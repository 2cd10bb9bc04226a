import type { Device } from "../../device/device.ts";
import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { each, type KernelPart, u32 } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { columnIterations } from "../reductions/row_iterations.ts";
import {
  channelRows,
  hasWholeColumns,
  reducingRows,
  type RowGroups,
  threadRows,
  wholeColumns,
} from "./channel_rows.ts";
import { type ColumnValues, loading, storing } from "./column_values.ts";
import { FIRST_LINE, type Lines, linesOf, type RowPart, runPass, runRows, when } from "./row_kernel.ts";
import {
  mergeIterations,
  mergesInKernel,
  mergingParts,
  mergingThreads,
  type Reduction,
  type RowParts,
} from "./row_parts.ts";

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
  /** What both passes read row by row. */
  readonly source: KernelPart;
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
  /** The second pass, from `row` on; null if only totals are wanted. */
  readonly second: RowPart | null;
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

/**
 * Runs both passes: in one launch if whole columns are best, else in one for each. If the first pass leaves few parts,
 * every thread of the second one merges those of its column by itself; else a launch of its own does.
 */
export function runTwoPasses(device: Device, of: TwoPasses): void {
  const { labels, rows, source, given, ready, second } = of;
  if (ready && second && hasWholeColumns(device, rows)) return runColumns(device, of, ready, second);
  const parts = runFirst(device, of);
  using _partials = parts.values;
  if (second && mergesInKernel(parts)) return runMerging(device, of, parts, second);
  const size = [rows.groups, ready?.values.names.length ?? 0, rows.channels];
  using passing = ready && !ready.kept ? device.empty(size) : null;
  const values = ready?.kept ?? passing;
  runTotals(device, of, parts, ready && values && storing(ready.values, values));
  if (!second) return;
  runPass(device, rows, labels.second, [
    source,
    given,
    ready && values && loading(ready.values, values),
    second,
  ]);
}

/** Both passes: each thread goes down its column twice, in one group after another. */
function runColumns(device: Device, of: TwoPasses, ready: Ready, second: RowPart): void {
  const { rows, source, given, reduction, totals, once } = of;
  const kept = keeping(ready);
  // A height that compilers know spares them a product for each row
  const column = `    let height = 1u;
    let top = batch * params.rows;
    let end = top + params.rows;
    var row = top;`;
  const again = "  row = top;";
  const passes = [column, given, reduction, reduction.finish, ready, kept, totals, again, second];
  runRows(device, wholeColumns(device, rows), {
    label: of.labels.both,
    parts: [source, grouped(rows), given, reduction, ready, kept, totals, second, once],
    iterations: columnIterations(rows, reduction.iterationsOf),
    body: linesOf("  if (!inside) { return; }", inTurn(totals, ...passes), once),
    whole: true,
  });
}

/** The first pass: each block of rows becomes one part. */
function runFirst(device: Device, of: TwoPasses): RowParts {
  const { rows, reduction } = of;
  const layout = reducingRows(device, rows);
  const values = device.empty([rows.groups, layout.blocks, reduction.kept.length, rows.channels]);
  const tree = mergingThreads(reduction, layout);
  const place = "(group.z * groups.y + group.y)";
  const stored = storing({ buffer: "partials", names: reduction.kept }, values, place, "found.");
  runRows(device, layout, {
    label: of.labels.first,
    parts: [of.source, of.given, reduction, tree, reduction.finish, when(FIRST_LINE, stored), of.once],
    iterations: reduction.iterationsOf(threadRows(layout)) + treeIterations(layout.threads / layout.lanes),
  });
  return { values, layout };
}

/** The second pass: each thread merges the parts of its column, and the first ones keep what comes of it. */
function runMerging(device: Device, of: TwoPasses, parts: RowParts, second: RowPart): void {
  const { rows, source, given, reduction, ready, totals } = of;
  const merging = mergingParts(parts, reduction, ["0u", "params.parts", "1u"]);
  const declarations = `fn total_of(batch: u32, clamped: u32) -> ${reduction.struct} {
${linesOf(merging, reduction.finish)}
  return found;
}`;
  const found = "  let found = total_of(batch, clamped);";
  const all = totals && { ...totals, lines: inTurn(totals, given, found, totals) };
  const layout = channelRows(device, rows);
  runRows(device, layout, {
    label: of.labels.secondMerging,
    parts: [
      source,
      grouped(rows),
      { ...merging, lines: "" },
      { declarations },
      given,
      ready && { ...ready, lines: linesOf(found, ready) },
      when(`group.y == 0u && ${FIRST_LINE}`, keeping(ready)),
      when(`group.y == 0u && batch == 0u && ${FIRST_LINE}`, all),
      second,
    ],
    iterations: loopIterations(threadRows(layout)) + mergeIterations(parts),
  });
}

/** The merging alone: of all parts of a column in one workgroup, in one group after another. */
function runTotals(device: Device, of: TwoPasses, parts: RowParts, stored: RowPart | null): void {
  const { rows, given, reduction, ready, totals } = of;
  const layout = channelRows(device, { groups: 1, rows: parts.layout.blocks, channels: rows.channels }, 1);
  const merging = mergingParts(parts, reduction, ["row", "end", "height"]);
  const tree = mergingThreads(reduction, layout);
  const used = when(FIRST_LINE, { lines: linesOf(given, ready, stored, totals) });
  const inGroup = loopIterations(threadRows(layout)) + treeIterations(layout.threads / layout.lanes);
  runRows(device, layout, {
    label: of.labels.merging,
    parts: [grouped(rows), merging, tree, given, ready, stored, totals],
    iterations: loopIterations(rows.groups, inGroup),
    body: inTurn(totals, merging, tree, reduction.finish, used, "    workgroupBarrier();"),
  });
}

/** Statements for one group after another. */
function inTurn(totals: Totals | null, ...all: readonly Lines[]): string {
  const start = "  for (var batch = 0u; batch < params.groups; batch += 1u) {";
  const end = totals && when(FIRST_LINE, { lines: totals.end });
  return linesOf(totals && totals.start, start, ...all, "  }", end);
}

function grouped({ groups, rows }: RowGroups): KernelPart {
  return { uniforms: each(u32, { groups, group_rows: rows }) };
}

function keeping(ready: Ready | null): RowPart | null {
  return ready?.kept ? storing(ready.values, ready.kept) : null;
}

import type { Device } from "../../device/device.ts";
import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { reducingRows, singleBlock, threadRows } from "./channel_rows.ts";
import { loading, storing } from "./column_values.ts";
import { grouped, inTurn, type TwoPasses } from "./passes.ts";
import { FIRST_LINE, linesOf, type RowPart, runPass, runRows, when } from "./row_kernel.ts";
import { mergingParts, mergingThreads, type RowParts } from "./row_parts.ts";
import { runColumns } from "./run_columns.ts";
import { mergesInThreads, runMergingThreads, runMergingWorkgroups } from "./run_merging.ts";
import { wholeColumns } from "./whole_columns.ts";

/**
 * Runs both passes: in one launch if whole columns are best, else in one for each, of which the second merges the parts
 * that the first left. On a software adapter a launch of its own merges them if there are many.
 */
export function runTwoPasses(device: Device, of: TwoPasses): void {
  const { labels, rows, source, reads, given, ready, second } = of;
  const columns = ready && second ? wholeColumns(device, rows, reads) : undefined;
  if (columns) return runColumns(device, of, columns, ready!, second!);
  const parts = runFirst(device, of);
  using _partials = parts.values;
  if (second && !device.adapter.software) return runMergingWorkgroups(device, of, parts, second);
  if (second && mergesInThreads(parts)) return runMergingThreads(device, of, parts, second);
  const size = [rows.groups, ready?.values.names.length ?? 0, rows.channels];
  using passing = ready && !ready.kept ? device.empty(size) : null;
  const values = ready?.kept ?? passing;
  runTotals(device, of, parts, ready && values && storing(ready.values, values));
  if (!second) return;
  const loaded = ready && values && loading(ready.values, values);
  runPass(device, rows, labels.second, [source, given, loaded], second);
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
    parts: [of.first, of.given, reduction, tree, reduction.finish, when(FIRST_LINE, stored), of.once],
    iterations: reduction.iterationsOf(threadRows(layout)) + treeIterations(layout.threads / layout.lanes),
  });
  return { values, layout };
}

/** The merging alone: of all parts of a column in one workgroup, in one group after another. */
function runTotals(device: Device, of: TwoPasses, parts: RowParts, stored: RowPart | null): void {
  const { rows, given, reduction, ready, totals } = of;
  const layout = singleBlock(device, { groups: 1, rows: parts.layout.blocks, channels: rows.channels });
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

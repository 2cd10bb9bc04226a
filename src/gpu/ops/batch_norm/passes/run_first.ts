import type { Device } from "../../../device/device.ts";
import { loopIterations, treeIterations } from "../../../kernel/iterations.ts";
import { reducingRows, singleBlock, threadRows } from "../channel_rows.ts";
import { storing } from "../column_values.ts";
import { grouped, inTurn, type TwoPasses } from "../passes.ts";
import { FIRST_LINE, linesOf, type RowPart, runRows, when } from "../row_kernel.ts";
import { mergingParts, mergingThreads, type RowParts } from "../row_parts.ts";

/** The first pass: each block of rows becomes one part. */
export function runFirst(device: Device, of: TwoPasses): RowParts {
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
export function runTotals(device: Device, of: TwoPasses, parts: RowParts, stored: RowPart | null): void {
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

import type { Device } from "../../../device/device.ts";
import { loopIterations, treeIterations } from "../../../kernel/iterations.ts";
import { channelRows, threadRows } from "../channel_rows.ts";
import { grouped, inTurn, keeping, type TwoPasses } from "../passes.ts";
import {
  eachRow,
  FIRST_LINE,
  linesOf,
  type RowFormula,
  rowIterations,
  type RowPart,
  runRows,
  when,
} from "../row_kernel.ts";
import { mergingParts, type RowParts, sharingTotal } from "../row_parts.ts";

/** Parts that each thread merges by itself at most. */
const MOST_PARTS_OF_THREAD = 16;

/** Whether each thread of the second pass is to merge the parts of its column by itself. */
export function mergesInThreads({ values, layout }: RowParts): boolean {
  return layout.blocks <= MOST_PARTS_OF_THREAD &&
    mergeIterations({ values, layout }) <= values.device.capabilities.loopIterations / 2;
}

/** Iterations of a thread that adds up the parts of its own group, and then those of each group. */
function mergeIterations({ layout: { groups, blocks } }: RowParts): number {
  return loopIterations(blocks) + loopIterations(groups, loopIterations(blocks));
}

/** The second pass: each thread merges the parts of its column, and the first ones keep what comes of it. */
export function runMergingThreads(device: Device, of: TwoPasses, parts: RowParts, second: RowFormula): void {
  const { rows, source, given, reduction, ready, totals } = of;
  const merging = mergingParts(parts, reduction, ["0u", "params.parts", "1u"]);
  const declarations = `fn total_of(batch: u32, clamped: u32) -> ${reduction.struct} {
${linesOf(merging, reduction.finish)}
  return found;
}`;
  const found = "  let found = total_of(batch, clamped);";
  const all = totals && { ...totals, lines: inTurn(totals, given, found, totals) };
  const layout = channelRows(device, rows);
  const { rowsAtOnce } = layout;
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
      eachRow(second, rowsAtOnce),
    ],
    iterations: rowIterations(threadRows(layout), rowsAtOnce) + mergeIterations(parts),
  });
}

/** Lines of threads that merge the parts of a group at most: more take more memory, and steps to merge theirs. */
const MERGING_LINES = 16;

/**
 * The second pass: each workgroup merges the parts of its columns, in the same order as all others. The first one of a
 * column keeps what comes of the totals, and so goes on to the parts of other groups.
 */
export function runMergingWorkgroups(
  device: Device,
  of: TwoPasses,
  parts: RowParts,
  second: RowFormula,
): void {
  const { rows, source, given, reduction, ready, totals } = of;
  const layout = channelRows(device, rows);
  const { rowsAtOnce } = layout;
  const lines = Math.min(MERGING_LINES, layout.threads / layout.lanes);
  const from = `select(params.parts, line, line < ${lines}u)`;
  const merging = mergingParts(parts, reduction, [from, "params.parts", `${lines}u`]);
  const tree = sharingTotal(reduction, layout, lines);
  const total = linesOf(merging, tree, reduction.finish);
  const all: RowPart | null = totals && { ...totals, lines: totalsOfAll(of, total) };
  const inGroup = loopIterations(Math.ceil(parts.layout.blocks / lines)) + treeIterations(lines);
  runRows(device, layout, {
    label: of.labels.secondMerging,
    parts: [
      source,
      grouped(rows),
      { ...merging, lines: "" },
      { ...tree, lines: "" },
      all ?? { lines: total },
      given,
      ready,
      when(`group.y == 0u && ${FIRST_LINE}`, keeping(ready)),
      eachRow(second, rowsAtOnce),
    ],
    iterations: loopIterations(totals ? rows.groups : 1, inGroup) +
      rowIterations(threadRows(layout), rowsAtOnce),
  });
}

/** Finds the total of a workgroup's own group, `found`, and, in the first workgroup of a column, those of all. */
function totalsOfAll({ given, reduction, totals }: TwoPasses, total: string): string {
  const used = when(`keeps && ${FIRST_LINE}`, { lines: linesOf(given, totals) });
  const end = when(`keeps && ${FIRST_LINE}`, { lines: totals!.end });
  return linesOf(
    `  let keeps = group.y == 0u && group.z == 0u;
  let last_batch = select(group.z + 1u, params.groups, keeps);
  var own = ${reduction.struct}();`,
    totals!.start,
    "  for (var batch = group.z; batch < last_batch; batch += 1u) {",
    total,
    used,
    `  if (batch == group.z) { own = found; }
  workgroupBarrier();
  }`,
    end,
    "  let found = own;",
  );
}

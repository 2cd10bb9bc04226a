import type { Device } from "../../../device/device.ts";
import { loopIterations, treeIterations } from "../../../kernel/iterations.ts";
import { type ChannelRows, threadRows } from "../channel_rows.ts";
import { grouped, inTurn, keeping, type Ready, type TwoPasses } from "../passes.ts";
import { columnIterations } from "../../reductions/row_iterations.ts";
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
import { sharingTotal } from "../row_parts.ts";

/** Both passes in one launch: columns are gone down twice, in one group after another. */
export function runColumns(
  device: Device,
  of: TwoPasses,
  layout: ChannelRows,
  ready: Ready,
  second: RowFormula,
): void {
  const { rows, first, given, reduction, totals, once } = of;
  const isAlone = layout.lanes === layout.threads;
  const kept = keeping(ready);
  const rowsOf = eachRow(second, layout.rowsAtOnce);
  const height = layout.threads / layout.lanes;
  const tree = isAlone ? null : sharingTotal(reduction, layout, height);
  const byOne = (part: RowPart | null) => isAlone ? part : when(FIRST_LINE, part);
  const passes = [
    isAlone ? COLUMN_OF_THREAD : COLUMN_OF_WORKGROUP,
    given,
    reduction,
    tree,
    reduction.finish,
    ready,
    byOne(kept),
    byOne(totals),
    isAlone ? "  row = top;" : "  row = top + line;",
    rowsOf,
    isAlone ? null : "  workgroupBarrier();",
  ];
  runRows(device, layout, {
    label: of.labels.both,
    parts: [first, grouped(rows), given, reduction, tree, ready, kept, totals, rowsOf, once],
    iterations: isAlone ? columnIterations(rows, reduction.iterationsOf) : loopIterations(
      rows.groups,
      reduction.iterationsOf(threadRows(layout)) + treeIterations(height) +
        rowIterations(threadRows(layout), layout.rowsAtOnce),
    ),
    body: linesOf(isAlone ? "  if (!inside) { return; }" : null, inTurn(totals, ...passes), once),
    whole: true,
  });
}

/** Rows of a thread that has its column for itself. A height that compilers know spares a product for each row. */
const COLUMN_OF_THREAD = `    let height = 1u;
    let top = batch * params.rows;
    let end = top + params.rows;
    var row = top;`;

/** Rows of a thread that shares its column with others. */
const COLUMN_OF_WORKGROUP = `    let top = batch * params.rows;
    let end = select(0u, top + params.rows, inside);
    var row = top + line;`;

import type { Device } from "../../../device/device.ts";
import type { Shard } from "../../../program/in_shards.ts";
import { ShardRows } from "../../../program/shards.ts";
import { loading, storing } from "../column_values.ts";
import type { Ready, TwoPasses } from "../passes.ts";
import { linesOf, type RowFormula, type RowPart, runPass } from "../row_kernel.ts";
import type { RowParts } from "../row_parts.ts";
import { runFirst, runTotals } from "./run_first.ts";

/** Whether the passes need what other shards of the batch find. */
export function meets({ totalsOf }: TwoPasses, { shards }: Shard): boolean {
  return totalsOf === "batch" || shards.norms === "batch";
}

/**
 * Runs both passes over the rows of one shard of a batch. The first reduces them to the shard's own total. Once all shards
 * have met, their totals are merged in order, by one launch for all of a program's shards.
 *
 * Norms of each shard alone use its own total at once, and only what is to become of the whole batch's waits.
 */
export function runShard(
  device: Device,
  of: TwoPasses,
  shard: Shard,
  ready: Ready,
  second: RowFormula,
): void {
  const { rows, reduction, totals, totalsOf, once, labels } = of;
  const { groups, channels } = rows;
  const { shards } = shard;
  const kept = shard.once(() => new ShardRows(device, shards, [groups, reduction.kept.length, channels]));
  const storedOwn = storing(
    { buffer: "own", names: reduction.kept },
    kept.of(shard.index),
    "batch",
    "found.",
  );
  const parts = runFirst(device, { ...of, once: shard.isFirst ? once : null });
  using _partials = parts.values;
  const passing = () => ready.kept ?? device.empty([groups, ready.values.names.length, channels]);
  const ofShard = totalsOf === "shard" ? totals : null;
  const ofBatch = totalsOf === "batch" ? totals : null;
  const whole = { ...of, rows: { groups, rows: shards.count * rows.rows, channels } };
  let values;
  if (shards.norms === "batch") {
    runTotals(device, { ...of, ready: null, totals: ofShard }, parts, storedOwn);
    shard.meet(kept);
    values = shard.once(() => {
      const values = passing();
      const merged = mergedParts(kept, of, shard);
      runTotals(device, { ...whole, totals: ofBatch }, merged, storing(ready.values, values));
      return values;
    });
  } else {
    values = passing();
    const stored = both(storedOwn, storing(ready.values, values));
    runTotals(device, { ...of, totals: ofShard }, parts, stored);
    shard.later(kept, () => {
      runTotals(device, { ...whole, ready: null, totals: ofBatch }, mergedParts(kept, of, shard), null);
    });
  }
  runPass(device, rows, labels.second, [of.source, of.given, loading(ready.values, values)], second);
}

/** The totals of all shards as parts of the batch. */
function mergedParts({ tensor, length }: ShardRows, { rows }: TwoPasses, { shards }: Shard): RowParts {
  const { groups, channels } = rows;
  const groupsEach = length / (2 * channels);
  return {
    values: tensor.reshape([shards.count, groupsEach, 2, channels]),
    layout: { groups, blocks: shards.count, rowsEach: rows.rows },
    groupsEach,
  };
}

function both(a: RowPart, b: RowPart): RowPart {
  return { buffers: { ...a.buffers, ...b.buffers }, lines: linesOf(a, b) };
}

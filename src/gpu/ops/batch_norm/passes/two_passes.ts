import type { Device } from "../../../device/device.ts";
import { shardOf } from "../../../program/in_shards.ts";
import { loading, storing } from "../column_values.ts";
import type { TwoPasses } from "../passes.ts";
import { runPass } from "../row_kernel.ts";
import { runColumns } from "./run_columns.ts";
import { runFirst, runTotals } from "./run_first.ts";
import { mergesInThreads, runMergingThreads, runMergingWorkgroups } from "./run_merging.ts";
import { meets, runShard } from "./run_shard.ts";
import { wholeColumns } from "./whole_columns.ts";

/**
 * Runs both passes: in one launch if whole columns are best, else in one for each, of which the second merges the parts
 * that the first left. On a software adapter a launch of its own merges them if there are many.
 */
export function runTwoPasses(device: Device, of: TwoPasses): void {
  const { labels, rows, source, reads, given, ready, second } = of;
  const shard = shardOf(device);
  if (shard && ready && second && meets(of, shard)) return runShard(device, of, shard, ready, second);
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

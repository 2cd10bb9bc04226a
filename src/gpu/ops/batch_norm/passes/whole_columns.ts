import type { Device } from "../../../device/device.ts";
import { columnIterations, momentsIterations, sumIterations } from "../../reductions/row_iterations.ts";
import { type ChannelRows, columnsOf, powerOfTwo, type RowGroups, singleBlock } from "../channel_rows.ts";

/**
 * Threads over whole columns, if one launch is to go down these twice instead of one that leaves parts and one that
 * merges and uses them; undefined if two are better. The kernel takes the groups one after another.
 *
 * @param reads Tensors that each of the two passes reads.
 */
export function wholeColumns(device: Device, rows: RowGroups, reads: number): ChannelRows | undefined {
  return device.adapter.software ? columnsOfThreads(device, rows) : columnsOfWorkgroups(device, rows, reads);
}

/** Workgroups from which on a kernel may go down whole columns: fewer would leave processors idle. */
const LEAST_COLUMN_GROUPS = 4;

/** Rows up to which a thread goes down a whole column: means of more gather rounding errors, which parts do not. */
const MOST_COLUMN_ROWS = 2 ** 15;

/** On a software adapter each thread goes down a column by itself, where there are enough columns. */
function columnsOfThreads(device: Device, rows: RowGroups): ChannelRows | undefined {
  const layout = { ...singleBlock(device, { ...rows, groups: 1 }), rowsEach: rows.rows, blocks: 1 };
  const { width, threads } = layout;
  const { loopIterations } = device.capabilities;
  const isShort = [momentsIterations, sumIterations].every((first) =>
    columnIterations(rows, first) <= loopIterations
  );
  return width >= LEAST_COLUMN_GROUPS * threads && rows.rows <= MOST_COLUMN_ROWS && isShort
    ? layout
    : undefined;
}

/**
 * Threads of a workgroup at most; bytes of a row that it takes at least and at most, a sector of memory and a cache
 * line; and reads of a thread before it writes, of which twice as many would not find registers on Intel's cards.
 */
const COLUMNS = { threads: 512, least: 32, most: 128, readsAtOnce: 8 } as const;

/**
 * Rows that a workgroup reads at most, of all groups and tensors. So many take it about as long as a launch of its own
 * takes to begin: 8192 sectors are 256 KiB, of which one core of a card reads 64 bytes a clock.
 */
const MOST_ROWS_READ = 8192;

/** Groups that a workgroup takes at most, one after another. */
const MOST_GROUPS = 4;

/** On a graphics card all threads of a workgroup go down a few columns together, if these are short. */
function columnsOfWorkgroups(device: Device, rows: RowGroups, reads: number): ChannelRows | undefined {
  if (rows.groups > MOST_GROUPS || rows.groups * rows.rows * reads > MOST_ROWS_READ) return undefined;
  const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX } = device.adapter.limits;
  const most = Math.min(COLUMNS.threads, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX);
  const threads = 2 ** Math.floor(Math.log2(most));
  const { width, type } = columnsOf(rows.channels);
  const bytes = type === "vec4f" ? 16 : 4;
  const idle = threads / powerOfTwo(rows.rows);
  const lanes = Math.min(
    powerOfTwo(width),
    Math.max(COLUMNS.least / bytes, Math.min(COLUMNS.most / bytes, idle)),
  );
  return {
    ...singleBlock(device, { ...rows, groups: 1 }),
    ...{ lanes, threads, rowsEach: rows.rows },
    rowsAtOnce: COLUMNS.readsAtOnce / reads,
  };
}

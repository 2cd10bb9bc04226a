import type { Device } from "../../device/device.ts";
import { columnIterations, momentsIterations, sumIterations } from "../reductions/row_iterations.ts";

/** An array of `groups * rows` rows of `channels` values that lie next to each other, and what it falls into. */
export interface RowGroups {
  /** Equal groups of rows, one after another, that are kept apart. */
  readonly groups: number;
  /** Rows of a group. */
  readonly rows: number;
  /** Values of a row. */
  readonly channels: number;
}

/**
 * How threads are laid over such an array.
 *
 * A workgroup is `lanes` columns wide and `threads / lanes` rows high, so that neighboring threads touch neighboring
 * memory; it walks down its block of rows, each thread staying in its column. A column is four channels where their
 * number allows that, else one.
 */
export interface ChannelRows extends RowGroups {
  /** Columns. */
  readonly width: number;
  /** Columns of a workgroup, a power of two. */
  readonly lanes: number;
  /** Rows that a workgroup takes. */
  readonly rowsEach: number;
  /** Blocks of rows of a group. */
  readonly blocks: number;
  /** Threads of a workgroup. */
  readonly threads: number;
}

/** WGSL type of a column of a row. */
export type ColumnType = "vec4f" | "f32";

/** The columns of so many channels: their number, their type, and that of a tensor with 32-bit values of each. */
export function columnsOf(
  channels: number,
): { width: number; type: ColumnType; array: `array<${ColumnType}>` } {
  return channels % 4 === 0
    ? { width: channels / 4, type: "vec4f", array: "array<vec4f>" }
    : { width: channels, type: "f32", array: "array<f32>" };
}

/**
 * Threads of a workgroup, workgroups that keep the adapter busy, rows that make a thread worth its while, and parts
 * that a reduction leaves at most. On a software adapter a workgroup is one SIMD register wide: it then needs no
 * barriers and reads memory in order, which measured twice as fast on llvmpipe as 64 threads. Few parts keep its cores
 * busy, and many rows for each thread make up for adding these parts up in every thread.
 */
const TUNING = {
  software: { threads: 8, workgroups: 32, rowsPerThread: 64, parts: 8 },
  hardware: { threads: 256, workgroups: 1024, rowsPerThread: 8, parts: 256 },
} as const;

/** Columns of a workgroup at most: 64 threads of 16 bytes are contiguous enough on any GPU. */
const MAX_LANES = 64;

/**
 * Lays threads over rows. `maxBlocks` bounds the partial results of a reduction, except where a thread would take more
 * rows than a driver lets its loop have iterations.
 */
export function channelRows(
  device: Device,
  { groups, rows, channels }: RowGroups,
  maxBlocks = Infinity,
): ChannelRows {
  const { threads, workgroups, rowsPerThread } = tuning(device);
  const { width } = columnsOf(channels);
  const lanes = Math.min(MAX_LANES, threads, 2 ** Math.ceil(Math.log2(width)));
  const height = threads / lanes;
  const wanted = Math.ceil(workgroups / (Math.ceil(width / lanes) * groups));
  const useful = Math.ceil(rows / (height * rowsPerThread));
  const most = Math.max(1, Math.min(wanted, useful, maxBlocks));
  const rowsEach = Math.min(Math.ceil(rows / most), height * mostThreadRows(device));
  return { groups, rows, channels, width, lanes, threads, rowsEach, blocks: Math.ceil(rows / rowsEach) };
}

/**
 * Rows that a thread takes at most: half of what a driver that limits iterations allows leaves enough for the loops
 * beside the one over the rows.
 */
function mostThreadRows({ capabilities }: Device): number {
  return Math.max(1, Math.floor(capabilities.loopIterations / 2));
}

/** Rows of a thread. */
export function threadRows({ lanes, rowsEach, threads }: ChannelRows): number {
  return Math.ceil(rowsEach / (threads / lanes));
}

/** Layout of a reduction that leaves one part for each block. */
export function reducingRows(device: Device, rows: RowGroups): ChannelRows {
  return channelRows(device, rows, tuning(device).parts);
}

/** Workgroups from which on a kernel may go down whole columns: fewer would leave processors idle. */
const LEAST_COLUMN_GROUPS = 4;

/** Rows up to which a thread goes down a whole column: means of more gather rounding errors, which parts do not. */
const MOST_COLUMN_ROWS = 2 ** 15;

/**
 * Whether one launch is to go down whole columns, each thread by itself, instead of one that leaves parts and one that
 * adds them up: on a software adapter, where there are enough columns.
 */
export function hasWholeColumns(device: Device, { groups, rows, channels }: RowGroups): boolean {
  const { width } = columnsOf(channels);
  return device.adapter.software && width >= LEAST_COLUMN_GROUPS * TUNING.software.threads &&
    rows <= MOST_COLUMN_ROWS &&
    [momentsIterations, sumIterations].every((first) =>
      columnIterations({ groups, rows }, first) <= device.capabilities.loopIterations
    );
}

/** Threads over whole columns, of the first group: the kernel goes on to the others. */
export function wholeColumns(device: Device, { rows, channels }: RowGroups): ChannelRows {
  return { ...channelRows(device, { groups: 1, rows, channels }, 1), rowsEach: rows, blocks: 1 };
}

function tuning(device: Device): (typeof TUNING)["software" | "hardware"] {
  return TUNING[device.adapter.software ? "software" : "hardware"];
}

import type { Device } from "../../device/device.ts";

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
  /** Rows that a thread reads before it writes. */
  readonly rowsAtOnce: number;
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

/** How threads are laid over rows on a kind of adapter. */
interface Tuning {
  /** Threads of a workgroup. */
  readonly threads: number;
  /** Columns of a workgroup at most. */
  readonly lanes: Readonly<Record<ColumnType, number>>;
  /** Workgroups that keep the adapter busy, with rows and with a reduction of rows. */
  readonly workgroups: Readonly<Record<"rows" | "reduction", number>>;
  /** Rows that make a thread worth its while. */
  readonly rowsPerThread: number;
  /** Rows that a thread reads before it writes. */
  readonly rowsAtOnce: number;
  /** Parts that a reduction leaves at most. */
  readonly parts: number;
}

/**
 * On a software adapter a workgroup is one SIMD register wide: it then needs no barriers and reads memory in order,
 * which measured twice as fast on llvmpipe as 64 threads. Few parts keep its cores busy, and many rows for each thread
 * make up for adding these parts up in every thread.
 */
const SOFTWARE: Tuning = {
  threads: 8,
  lanes: { vec4f: 8, f32: 8 },
  workgroups: { rows: 32, reduction: 32 },
  rowsPerThread: 64,
  rowsAtOnce: 1,
  parts: 8,
};

/**
 * On a graphics card each workgroup that needs the total of its columns merges their parts by itself. So parts are few,
 * and workgroups narrow: 128 bytes of a row, which is a cache line, are 32 bytes of a part for each of its columns and
 * each part. None of this was measured; docs/adr/0036-batch-norm-on-cards.md has the reasons.
 */
const HARDWARE: Tuning = {
  threads: 256,
  lanes: { vec4f: 8, f32: 32 },
  workgroups: { rows: 512, reduction: 256 },
  rowsPerThread: 8,
  rowsAtOnce: 4,
  parts: 64,
};

function tuningOf({ adapter }: Device): Tuning {
  return adapter.software ? SOFTWARE : HARDWARE;
}

/** WebGPU's portable limit on workgroups along one axis. */
const MAX_WORKGROUPS = 65535;

/** The power of two that is no less than a number. */
export function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}

/** Lays threads over rows. */
export function channelRows(device: Device, rows: RowGroups): ChannelRows {
  return layRows(device, rows, tuningOf(device).workgroups.rows);
}

/**
 * Layout of a reduction that leaves one part for each block: few, except where a thread would take more rows than a
 * driver lets its loop have iterations.
 */
export function reducingRows(device: Device, rows: RowGroups): ChannelRows {
  const { workgroups, parts } = tuningOf(device);
  return layRows(device, rows, workgroups.reduction, parts);
}

/** Layout of a kernel whose workgroups take all rows of their columns. */
export function singleBlock(device: Device, rows: RowGroups): ChannelRows {
  return layRows(device, rows, 1, 1);
}

function layRows(
  device: Device,
  { groups, rows, channels }: RowGroups,
  workgroups: number,
  maxBlocks = Infinity,
): ChannelRows {
  const { threads, lanes: most, rowsPerThread, rowsAtOnce } = tuningOf(device);
  const { width, type } = columnsOf(channels);
  const lanes = Math.min(
    threads,
    powerOfTwo(width),
    Math.max(most[type], powerOfTwo(width / MAX_WORKGROUPS)),
  );
  const height = threads / lanes;
  const wanted = Math.ceil(workgroups / (Math.ceil(width / lanes) * groups));
  const useful = Math.ceil(rows / (height * rowsPerThread));
  const blocks = Math.max(1, Math.min(wanted, useful, maxBlocks));
  const rowsEach = Math.min(Math.ceil(rows / blocks), height * mostThreadRows(device));
  return {
    ...{ groups, rows, channels, width, lanes, threads, rowsEach, rowsAtOnce },
    blocks: Math.ceil(rows / rowsEach),
  };
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

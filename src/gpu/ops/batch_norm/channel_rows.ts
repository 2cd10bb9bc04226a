import type { Device } from "../../device/device.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, type KernelPart, type KernelRun, runKernel, u32 } from "../../kernel/run_kernel.ts";
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
  /** WGSL type of a column's element. */
  readonly type: "vec4f" | "f32";
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

/** WGSL type of a column. */
export function columnType(channels: number): ChannelRows["type"] {
  return channels % 4 === 0 ? "vec4f" : "f32";
}

function columnsOf(channels: number): number {
  return channels % 4 === 0 ? channels / 4 : channels;
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
  const width = columnsOf(channels);
  const lanes = Math.min(MAX_LANES, threads, 2 ** Math.ceil(Math.log2(width)));
  const height = threads / lanes;
  const wanted = Math.ceil(workgroups / (Math.ceil(width / lanes) * groups));
  const useful = Math.ceil(rows / (height * rowsPerThread));
  const most = Math.max(1, Math.min(wanted, useful, maxBlocks));
  const rowsEach = Math.min(Math.ceil(rows / most), height * mostThreadRows(device));
  return {
    groups,
    rows,
    channels,
    type: columnType(channels),
    width,
    lanes,
    rowsEach,
    blocks: Math.ceil(rows / rowsEach),
    threads,
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
  const width = columnsOf(channels);
  return device.adapter.software && width >= LEAST_COLUMN_GROUPS * TUNING.software.threads &&
    rows <= MOST_COLUMN_ROWS &&
    [momentsIterations, sumIterations].every((first) =>
      columnIterations({ groups, rows }, first) <= device.capabilities.loopIterations
    );
}

/** Threads over whole columns: the groups of rows come one after another. */
export function wholeColumns(device: Device, { groups, rows, channels }: RowGroups): ChannelRows {
  const layout = channelRows(device, { groups: 1, rows, channels }, 1);
  return { ...layout, groups };
}

/** A kernel over a layout, which says the rest. */
interface RowRun extends Omit<KernelRun, "grid" | "workgroup"> {
  /** Over whole columns, with a body for one group, `batch`, and what follows when all are done. */
  readonly columns?: { readonly end: string };
}

/** Runs a kernel over a layout: its body finds what {@linkcode walk} defines, or {@linkcode walkGroups}. */
export function runRows(
  device: Device,
  layout: ChannelRows,
  { columns, parts = [], body, ...run }: RowRun,
): void {
  const { width, lanes, blocks, groups, threads } = layout;
  runKernel(device, {
    ...run,
    parts: [layoutPart(layout), ...parts],
    workgroup: threads,
    grid: columns ? linearGrid(width, threads) : [Math.ceil(width / lanes), blocks, groups],
    body: columns ? `${walkGroups(body)}\n${columns.end}` : `${walk(threads)}\n${body}`,
  });
}

/** Walks down the rows of each group in turn: around statements for one of them, `batch`. For a grid in a row. */
function walkGroups(statements: string): string {
  return `  let column = index;
  if (column >= params.width) { return; }
  let clamped = column;
  let height = 1u;
  for (var batch = 0u; batch < params.groups; batch += 1u) {
    let top = batch * params.rows;
    let end = top + params.rows;
    var row = top;
${statements}
  }`;
}

/** What {@linkcode walk} and {@linkcode walkGroups} read. */
function layoutPart({ width, rows, lanes, rowsEach }: ChannelRows): KernelPart {
  return { uniforms: each(u32, { width, rows, lanes, rows_each: rowsEach }) };
}

/**
 * Start of a kernel over a layout: the thread's `column`, the `row` it begins with, the rows to go on by (`height`) and
 * the `end` of its block; the group is `group.z`. Threads beside the last column have nothing to do (`inside` is false)
 * but reach barriers; they may read what belongs to column `clamped`.
 */
function walk(threads: number): string {
  return `  let column = group.x * params.lanes + thread % params.lanes;
  let inside = column < params.width;
  let clamped = min(column, params.width - 1u);
  let height = ${threads}u / params.lanes;
  let line = thread / params.lanes;
  let top = group.z * params.rows + group.y * params.rows_each;
  let end = select(0u, min((group.z + 1u) * params.rows, top + params.rows_each), inside);
  var row = top + line;`;
}

function tuning(device: Device): (typeof TUNING)["software" | "hardware"] {
  return TUNING[device.adapter.software ? "software" : "hardware"];
}

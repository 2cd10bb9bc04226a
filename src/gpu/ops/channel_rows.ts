import type { Device } from "../device.ts";
import type { KernelSpec, Workgroups } from "../kernel.ts";

/**
 * How threads are laid over a `[rows, channels]` array whose channels lie next to each other.
 *
 * A workgroup is `lanes` columns wide and `threads / lanes` rows high, so that neighbouring threads touch neighbouring
 * memory; it walks down its block of rows, each thread staying in its column. A column is four channels where their
 * number allows that, else one.
 */
export interface ChannelRows {
  /** WGSL type of a column's element. */
  readonly type: "vec4f" | "f32";
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly rows: number;
  /** Columns of a workgroup, a power of two. */
  readonly lanes: number;
  /** Rows that a workgroup takes. */
  readonly rowsEach: number;
  /** Blocks of rows. */
  readonly blocks: number;
  /** Threads of a workgroup. */
  readonly threads: number;
}

/**
 * Threads of a workgroup, workgroups that keep the adapter busy, and rows that make a thread worth its while. On a
 * software adapter a workgroup is one SIMD register wide: it then needs no barriers and reads memory in order, which
 * measured twice as fast on llvmpipe as 64 threads.
 */
const TUNING = {
  software: { threads: 8, workgroups: 64, rowsPerThread: 16 },
  hardware: { threads: 256, workgroups: 1024, rowsPerThread: 8 },
} as const;

/** Columns of a workgroup at most: 64 threads of 16 bytes are contiguous enough on any GPU. */
const MAX_LANES = 64;

/** Lays threads over rows. `maxBlocks` bounds the partial results of a reduction. */
export function channelRows(
  device: Device,
  rows: number,
  channels: number,
  maxBlocks = Infinity,
): ChannelRows {
  const { threads, workgroups, rowsPerThread } = TUNING[device.adapter.software ? "software" : "hardware"];
  const quads = channels % 4 === 0;
  const width = quads ? channels / 4 : channels;
  const lanes = Math.min(MAX_LANES, threads, 2 ** Math.ceil(Math.log2(width)));
  const height = threads / lanes;
  const wanted = Math.ceil(workgroups / Math.ceil(width / lanes));
  const useful = Math.ceil(rows / (height * rowsPerThread));
  const most = Math.max(1, Math.min(wanted, useful, maxBlocks));
  const rowsEach = Math.ceil(rows / most);
  return {
    type: quads ? "vec4f" : "f32",
    width,
    rows,
    lanes,
    rowsEach,
    blocks: Math.ceil(rows / rowsEach),
    threads,
  };
}

/** The grid of a layout. */
export function channelGrid({ width, lanes, blocks }: ChannelRows): Workgroups {
  return [Math.ceil(width / lanes), blocks, 1];
}

/** Uniform fields that {@linkcode WALK} reads. */
export const ROW_FIELDS: NonNullable<KernelSpec["uniforms"]> = {
  width: "u32",
  rows: "u32",
  lanes: "u32",
  rows_each: "u32",
};

/** Values of {@linkcode ROW_FIELDS}. */
export function rowValues({ width, rows, lanes, rowsEach }: ChannelRows): Record<string, number> {
  return { width, rows, lanes, rows_each: rowsEach };
}

/**
 * Start of a kernel over a layout: the thread's `column`, the `row` it begins with, the rows to go on by (`height`) and
 * the `end` of its block. Threads beside the last column have nothing to do (`inside` is false) but reach barriers.
 */
export function walk(threads: number): string {
  return `  let column = group.x * params.lanes + thread % params.lanes;
  let inside = column < params.width;
  let height = ${threads}u / params.lanes;
  let line = thread / params.lanes;
  let top = group.y * params.rows_each;
  let end = select(0u, min(params.rows, top + params.rows_each), inside);
  var row = top + line;`;
}

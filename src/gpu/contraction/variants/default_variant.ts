import type { Device } from "../../device/device.ts";
import type { Contraction } from "../sums/contraction.ts";
import { type Family, familyOf } from "../../device/family.ts";
import { isUnaligned, MAX_SINGLE_ROWS_ALONE } from "./runs_on.ts";
import { leastSplits } from "../kernels/loops.ts";
import { type Schedule, type TiledSchedule, tileOf } from "../kernels/schedule.ts";
import type { KernelVariant, Variant } from "./variant.ts";
import { winogradSide } from "../winograd/choose_side.ts";

/** Subgroups of up to this many threads share operands; larger ones would unroll to too much text. */
const MAX_SHARING_LANES = 8;

/** Products up to which a small tile is enough: a large one takes a second to compile, and would save little. */
export const SMALL = 2 ** 24;

/** Workgroups that keep an adapter busy. */
const BUSY = { software: 8, hardware: 128 };

/** The variant of a contraction on a device if nothing better is known. */
export function defaultVariant(device: Device, contraction: Contraction): Variant {
  const side = winogradSide(device, contraction);
  return side ? { schedule: { shape: "winograd", side }, splits: 1 } : defaultKernel(device, contraction);
}

/** The variant of a single kernel, if nothing better is known. */
export function defaultKernel(device: Device, contraction: Contraction): KernelVariant {
  const { rows, columns, phases = 1, splittable = false, bias, activation } = contraction;
  const schedule = defaultSchedule(device, contraction);
  const tile = tileOf(schedule);
  const workgroups = Math.ceil(columns / tile.columns) * Math.ceil(rows / tile.rows) * phases;
  const least = leastSplits(contraction, schedule, device.capabilities.loopIterations);
  const wanted = splittable && !bias && !activation ? defaultSplits(device, contraction, workgroups) : 1;
  return { schedule, splits: Math.max(wanted, least) };
}

function defaultSchedule(device: Device, contraction: Contraction): Schedule {
  const { adapter, capabilities } = device;
  if (!adapter.software) return hardwareSchedule(contraction, HARDWARE[familyOf(adapter)] ?? ANY_HARDWARE);
  const lanes = capabilities.subgroupSize;
  return lanes > 0 && lanes <= MAX_SHARING_LANES
    ? sharingSchedule(contraction, lanes, registersOf(device))
    : registerSchedule(contraction);
}

/** Tiles of a kind of graphics card: large ones if that leaves enough workgroups to keep it busy. */
interface Tiles {
  readonly large: TiledSchedule;
  readonly small: TiledSchedule;
}

const tiled = (
  rows: number,
  columns: number,
  depth: number,
  rowQuads: number,
  columnQuads: number,
): TiledSchedule => ({ shape: "tiled", rows, columns, depth, rowQuads, columnQuads });

/** Few registers a thread: 4x8 sums, if 8x8 are known to spill (Apple). */
const NARROW: Tiles = { large: tiled(32, 64, 16, 1, 2), small: tiled(32, 32, 16, 1, 1) };

const ANY_HARDWARE: Tiles = { large: tiled(64, 64, 8, 2, 2), small: tiled(32, 32, 16, 1, 1) };

/** Starting points that others have published for these cards; none was measured for this module. */
const HARDWARE: Partial<Record<Family, Tiles>> = {
  nvidia: { large: tiled(128, 64, 8, 2, 2), small: tiled(32, 32, 16, 1, 1) },
  amd: { large: tiled(64, 64, 16, 2, 1), small: tiled(32, 32, 16, 1, 1) },
  intel: NARROW,
  apple: NARROW,
};

function hardwareSchedule(
  { problem, rows, columns, phases = 1 }: Contraction,
  { large, small }: Tiles,
): Schedule {
  if (columns <= 4 && problem.a.along === "depth") {
    return { shape: "thin", rows: 2, vectors: 1, lanes: 32, share: false, groups: 2 };
  }
  const workgroups = Math.ceil(rows / large.rows) * Math.ceil(columns / large.columns) * phases;
  return columns > large.columns / 2 && workgroups >= BUSY.hardware / 2 ? large : small;
}

/** How tall and wide tiles of registers are on a kind of software adapter. */
export interface Registers {
  /** Rows of small sums. */
  readonly small: number;
  /** Vectors of four sums of a thread at most: the wider a tile, the less tall it is. */
  readonly sums: number;
  /** Whether each sum takes all depths of a round in one go. */
  readonly singly: boolean;
}

/** Measured on llvmpipe: a kernel's loop should fit the caches for instructions, so 64 vectors of sums are enough. */
const ANY_SOFTWARE: Registers = { small: 8, sums: 64, singly: true };

/** Measured: SwiftShader compiles quickly, and its narrow subgroups need many columns for each thread. */
const SOFTWARE: Partial<Record<Family, Registers>> = {
  swiftshader: { small: 16, sums: 256, singly: false },
};

/** How tiles of registers are on a software adapter. */
export function registersOf({ adapter }: Device): Registers {
  return SOFTWARE[familyOf(adapter)] ?? ANY_SOFTWARE;
}

/** Columns of a tile of registers at most. */
const MAX_COLUMNS = 64;

/** Adapters that compute on the processor: workgroup memory and barriers are slow there, broadcasts are not. */
function sharingSchedule(
  { problem, rows, columns, depth, phases = 1 }: Contraction,
  lanes: number,
  registers: Registers,
): Schedule {
  const share = { lanes, share: true, groups: 1 };
  if (columns <= 4 && problem.a.along === "depth") {
    return { shape: "thin", rows: rows >= lanes * 8 ? 4 : 1, vectors: 1, ...share };
  }
  const wide = { shape: "wide", ...share, ...(registers.singly ? { singly: true } : {}) } as const;
  const products = rows * columns * depth * phases;
  if (products < SMALL) return { ...wide, rows: registers.small, vectors: 1 };
  // Loads one element at a time make long text of tall tiles, and compiling it takes longer than it saves.
  if (isUnaligned(problem)) {
    return { ...wide, rows: rows > 8 ? 16 : 8, vectors: columns > lanes * 4 ? 2 : 1 };
  }
  const needed = Math.ceil(Math.min(columns, MAX_COLUMNS) / (lanes * 4));
  const vectors = needed === 3 ? 4 : needed;
  const tall = [64, 32, 16].find((tall) => rows > tall / 2 && tall * vectors <= registers.sums) ?? 8;
  return { ...wide, rows: tall, vectors };
}

/** Without subgroups that share operands: small tiles in registers. */
function registerSchedule({ problem, rows, columns }: Contraction): Schedule {
  const alone = { share: false, vectors: 1 };
  if (columns <= 4 && problem.a.along === "depth") {
    return { shape: "thin", rows: 2, lanes: 32, groups: 2, ...alone };
  }
  const tall = rows >= 8 && !isUnaligned(problem) ? 8 : MAX_SINGLE_ROWS_ALONE;
  return { shape: "wide", rows: tall, lanes: 16, groups: 4, ...alone };
}

/** Products that a part of a split sum has at least: below, adding the parts up costs more than it saves. */
const LEAST_PART = 2 ** 21;

/** Parts to cut a sum of `depth` terms into, so that the adapter is kept busy. */
function defaultSplits(
  device: Device,
  { rows, columns, depth }: Pick<Contraction, "rows" | "columns" | "depth">,
  workgroups: number,
): number {
  const most = Math.min(Math.floor(depth / 64), 64);
  const wanted = device.adapter.software
    ? Math.min(Math.round(BUSY.software / workgroups), Math.floor(rows * columns * depth / LEAST_PART))
    : Math.ceil(BUSY.hardware / workgroups);
  return Math.max(1, Math.min(wanted, most));
}

import type { Device } from "../../device/device.ts";
import type { Contraction } from "../sums/contraction.ts";
import { type Family, familyOf } from "../../device/family.ts";
import { isUnaligned, MAX_SINGLE_ROWS_ALONE } from "./runs_on.ts";
import { leastSplits } from "../kernels/loops.ts";
import { type Schedule, tileOf } from "../kernels/schedule.ts";
import { variantOnCard } from "./fill_card.ts";
import type { KernelVariant, Variant } from "./variant.ts";
import { winogradSide } from "../winograd/choose_side.ts";

/** Subgroups of up to this many threads share operands; larger ones would unroll to too much text. */
const MAX_SHARING_LANES = 8;

/** Products up to which a small tile is enough: a large one takes a second to compile, and would save little. */
export const SMALL = 2 ** 24;

/** Workgroups that keep the processors of a software adapter busy. */
const BUSY = 8;

/**
 * The variant of a contraction on a device if nothing better is known.
 *
 * @param fixedBatch The batch is always this one, so that the order of its sums may depend on it.
 */
export function defaultVariant(device: Device, contraction: Contraction, fixedBatch = true): Variant {
  const side = winogradSide(device, contraction);
  return side
    ? { schedule: { shape: "winograd", side }, splits: 1 }
    : defaultKernel(device, contraction, fixedBatch);
}

/** The variant of a single kernel, if nothing better is known. */
export function defaultKernel(device: Device, contraction: Contraction, fixedBatch = true): KernelVariant {
  const { adapter, capabilities } = device;
  if (!adapter.software) return variantOnCard(device, contraction, fixedBatch);
  const lanes = capabilities.subgroupSize;
  const schedule = lanes > 0 && lanes <= MAX_SHARING_LANES
    ? sharingSchedule(contraction, lanes, registersOf(device))
    : registerSchedule(contraction);
  const least = leastSplits(contraction, schedule, capabilities.loopIterations);
  return { schedule, splits: Math.max(softwareSplits(contraction, schedule), least) };
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

/**
 * Depths up to which a tall tile gains next to nothing, since storing sums weighs as much as adding them up: 8192x64 times
 * 64x48 take 1.04 times as long by 16 rows as by 32, and half the time to compile.
 */
const SHALLOW = 64;

/** Rows of a tile of registers for shallow products. */
const SHALLOW_ROWS = 16;

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
  const most = depth <= SHALLOW && phases === 1 ? SHALLOW_ROWS : Infinity;
  const tall =
    [64, 32, 16].find((tall) => rows > tall / 2 && tall * vectors <= registers.sums && tall <= most) ?? 8;
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

/** Parts to cut a sum that is a single run into, so that all processors are kept busy. */
function softwareSplits(contraction: Contraction, schedule: Schedule): number {
  const { problem, rows, columns, depth, phases = 1, splittable = false, bias, activation } = contraction;
  if (!splittable || problem.partOfRun || bias || activation) return 1;
  const tile = tileOf(schedule);
  const workgroups = Math.ceil(columns / tile.columns) * Math.ceil(rows / tile.rows) * phases;
  const most = Math.min(Math.floor(depth / 64), 64);
  const wanted = Math.min(Math.round(BUSY / workgroups), Math.floor(rows * columns * depth / LEAST_PART));
  return Math.max(1, Math.min(wanted, most));
}

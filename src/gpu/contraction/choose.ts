import type { Device } from "../device.ts";
import type { Contraction } from "./contraction.ts";
import { type Schedule, tileOf } from "./schedule.ts";
import type { Variant } from "./variant.ts";

/** Subgroups of up to this many threads hand operands round; larger ones would unroll to too much text. */
const MAX_SHARING_LANES = 8;

/** Products up to which a small tile is enough: a large one takes a second to compile, and would save little. */
export const SMALL = 2 ** 24;

/** Products from which on the widest tile of any kind is worth the two seconds that it takes to compile. */
const LARGE = 2 ** 28;

/** Workgroups that keep an adapter busy. */
const BUSY = { software: 8, hardware: 128 };

/** The variant of a contraction on a device where nothing better is known. */
export function defaultVariant(device: Device, contraction: Contraction): Variant {
  const { rows, columns, phases = 1, splittable = false, bias, activation } = contraction;
  const schedule = defaultSchedule(device, contraction);
  const tile = tileOf(schedule);
  const workgroups = Math.ceil(columns / tile.columns) * Math.ceil(rows / tile.rows) * phases;
  const splits = splittable && !bias && !activation ? defaultSplits(device, contraction, workgroups) : 1;
  return { schedule, splits };
}

function defaultSchedule(device: Device, contraction: Contraction): Schedule {
  const { adapter, capabilities } = device;
  const lanes = capabilities.subgroupSize;
  const shares = lanes > 0 && lanes <= MAX_SHARING_LANES;
  if (!adapter.software) return hardwareSchedule(contraction);
  return shares ? sharingSchedule(contraction, lanes) : registerSchedule(contraction);
}

/** Graphics cards: tiles in workgroup memory, large ones where that leaves enough workgroups. */
function hardwareSchedule({ problem, rows, columns, phases = 1 }: Contraction): Schedule {
  if (columns <= 4 && problem.a.along === "depth") {
    return { shape: "thin", rows: 2, vectors: 1, lanes: 32, share: false, groups: 2 };
  }
  const large = Math.ceil(rows / 64) * Math.ceil(columns / 64) * phases;
  return columns > 32 && large >= BUSY.hardware / 2
    ? { shape: "tiled", rows: 64, columns: 64, depth: 8, rowQuads: 2, columnQuads: 2 }
    : { shape: "tiled", rows: 32, columns: 32, depth: 16, rowQuads: 1, columnQuads: 1 };
}

/** Adapters that compute on the processor: workgroup memory and barriers are slow there, broadcasts are not. */
function sharingSchedule(
  { problem, rows, columns, depth, phases = 1 }: Contraction,
  lanes: number,
): Schedule {
  const share = { lanes, share: true, groups: 1 };
  if (columns <= 4 && problem.a.along === "depth") {
    return { shape: "thin", rows: rows >= lanes * 8 ? 4 : 1, vectors: 1, ...share };
  }
  const products = rows * columns * depth * phases;
  if (products < SMALL) return { shape: "wide", rows: 8, vectors: 1, ...share };
  // Loads one element at a time make long text of tall tiles, and compiling it takes longer than it saves.
  if (problem.a.type === "array<f32>" || problem.b.type === "array<f32>") {
    return { shape: "wide", rows: rows > 8 ? 16 : 8, vectors: 1, ...share };
  }
  const tall = rows > 32 ? 64 : rows > 16 ? 32 : rows > 8 ? 16 : 8;
  // Weights that have to be turned make the longest text, and gain least from a second vector.
  const wide = columns > lanes * 4 && (problem.b.along === "columns" || products >= LARGE);
  return { shape: "wide", rows: tall, vectors: wide ? 2 : 1, ...share };
}

/** Where nothing is handed round: small tiles in registers. */
function registerSchedule({ problem, rows, columns }: Contraction): Schedule {
  const alone = { share: false, vectors: 1 };
  if (columns <= 4 && problem.a.along === "depth") {
    return { shape: "thin", rows: 2, lanes: 32, groups: 2, ...alone };
  }
  return { shape: "wide", rows: rows >= 8 ? 8 : 4, lanes: 16, groups: 4, ...alone };
}

/** Products that a part of a split sum has at least: below, adding the parts up costs more than it saves. */
const LEAST_PART = 2 ** 21;

/** Parts to cut a sum of `depth` terms into, so that the adapter has enough to do at once. */
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

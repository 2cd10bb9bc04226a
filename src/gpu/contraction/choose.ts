import type { Device } from "../device.ts";
import type { Contraction } from "./contract.ts";
import type { Schedule } from "./schedule.ts";

/** Subgroups of up to this many threads hand operands round; larger ones would unroll to too much text. */
const MAX_SHARING_LANES = 8;

/** Products up to which a small tile is enough: a large one takes a second to compile, and would save little. */
const SMALL = 2 ** 24;

/** Workgroups that keep an adapter busy. */
const BUSY = { software: 8, hardware: 128 };

/** The schedule for a contraction on a device. */
export function chooseSchedule(device: Device, { problem, rows, columns, depth }: Contraction): Schedule {
  const lanes = device.capabilities.subgroupSize;
  const share = lanes > 0 && lanes <= MAX_SHARING_LANES && device.adapter.software;
  if (columns <= 4 && problem.a.along === "depth") {
    return share
      ? { shape: "thin", rows: rows >= lanes * 8 ? 4 : 1, vectors: 1, lanes, share, groups: 1 }
      : { shape: "thin", rows: 2, vectors: 1, lanes: 32, share, groups: 2 };
  }
  if (!share) return { shape: "wide", rows: rows >= 8 ? 8 : 4, vectors: 1, lanes: 16, share, groups: 4 };
  // Loads one element at a time make long text of tall tiles, and compiling it takes longer than it saves.
  if (problem.a.type === "array<f32>" || problem.b.type === "array<f32>") {
    return { shape: "wide", rows: rows > 8 ? 16 : 8, vectors: 1, lanes, share, groups: 1 };
  }
  if (rows * columns * depth < SMALL) return { shape: "wide", rows: 16, vectors: 1, lanes, share, groups: 1 };
  const vectors = columns > lanes * 4 ? 2 : 1;
  const tall = rows > 32 ? 64 : rows > 16 ? 32 : rows > 8 ? 16 : 8;
  return { shape: "wide", rows: tall, vectors, lanes, share, groups: 1 };
}

/** Parts to cut a sum of `depth` terms into, so that the adapter has enough to do at once. */
export function chooseSplits(device: Device, workgroups: number, depth: number): number {
  const busy = device.adapter.software ? BUSY.software : BUSY.hardware;
  return Math.max(1, Math.min(Math.ceil(busy / workgroups), Math.floor(depth / 64), 64));
}

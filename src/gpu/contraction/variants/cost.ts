import type { Schedule } from "../kernels/schedule.ts";
import { tileOf } from "../kernels/schedule.ts";
import { depthsPerIteration, partLength } from "../kernels/loops.ts";
import { tiledThreads } from "../kernels/tiled_memory.ts";
import type { Contraction } from "../sums/contraction.ts";
import { BYTES_PER_ELEMENT } from "../../tensor/dtype.ts";
import { PARTS_AT_ONCE } from "../parts_sum.ts";
import type { Card } from "./card.ts";

/** Instructions of a round besides products and reads of workgroup memory: loads, stores, addresses. */
const LOADING = 100;

/** Cycles of a workgroup before its first round and after its last. */
const AROUND_ROUNDS = 1500;

/** The extents of a sum of products. */
export type Extents = Pick<Contraction, "problem" | "rows" | "columns" | "depth" | "phases">;

/**
 * Cycles that a sum of products takes on a card, by a schedule and in so many parts: an estimate, good enough to tell which
 * of a few ways is likely to be the fastest.
 *
 * A core runs its workgroups at once, as many as fit. In a round it either computes all the time, if they are many, or
 * waits for the memory of one: `max(workgroups * work, work of one thread + latency)`. Parts are written, read and added up
 * by one more launch.
 */
export function cyclesOf(card: Card, extents: Extents, schedule: Schedule, splits: number): number {
  const { problem, rows, columns, depth, phases = 1 } = extents;
  const tile = tileOf(schedule);
  const tiles = Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns) * phases;
  const { threads, products, reads } = workOf(schedule);
  const perRound = depthsPerIteration(problem, schedule);
  const rounds = depth / problem.length * Math.ceil(partLength(problem.length, splits) / perRound);
  const instructions = products + reads + LOADING;
  const computing = threads * instructions / card.lanes;
  const reading = threads * reads * 4 * BYTES_PER_ELEMENT.f32 / card.workgroupBytes;
  const round = (workgroups: number) =>
    Math.max(workgroups * Math.max(computing, reading), instructions + card.latency);
  const most = Math.max(1, Math.floor(card.resident / threads));
  const cycles = (workgroups: number) => workgroups === 0 ? 0 : rounds * round(workgroups) + AROUND_ROUNDS;
  const each = Math.ceil(tiles * splits / card.cores);
  const once = Math.floor(each / most) * cycles(most) + cycles(each % most);
  if (splits === 1) return once;
  const bytes = 2 * splits * rows * columns * phases * BYTES_PER_ELEMENT.f32;
  return once + card.launch + Math.ceil(splits / PARTS_AT_ONCE) * card.latency + bytes / card.bytes;
}

/** What a thread does in a round: multiply-adds, and reads of four numbers from workgroup memory. */
function workOf(schedule: Schedule): { threads: number; products: number; reads: number } {
  if (schedule.shape === "tiled") {
    const { depth, rowQuads, columnQuads } = schedule;
    return {
      threads: tiledThreads(schedule),
      products: 16 * rowQuads * columnQuads * depth,
      reads: (rowQuads + columnQuads) * depth,
    };
  }
  const { rows, vectors, lanes, groups } = schedule;
  return { threads: lanes * groups, products: 16 * rows * vectors, reads: 0 };
}

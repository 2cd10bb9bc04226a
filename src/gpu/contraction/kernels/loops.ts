import { loopIterations } from "../../kernel/iterations.ts";
import type { Contraction } from "../sums/contraction.ts";
import type { Problem } from "../sums/problem.ts";
import type { Schedule } from "./schedule.ts";

/** Depths that a thread takes in one iteration of its innermost loop. */
export function depthsPerIteration({ a }: Pick<Problem, "a">, schedule: Schedule): number {
  if (schedule.shape === "tiled") return schedule.depth;
  if (schedule.shape === "thin") return schedule.share ? schedule.lanes : 4;
  return a.along === "depth" || schedule.share ? 4 : 1;
}

/** Iterations of all loops of a thread, for parts of this depth. */
export function contractionIterations(problem: Problem, schedule: Schedule, part: number): number {
  const [around, run] = problem.loops(part);
  const innermost = loopIterations(Math.ceil(run / depthsPerIteration(problem, schedule)));
  return around.reduceRight((inside, times) => loopIterations(times, inside), innermost);
}

/** The least number of parts to cut a sum into, so that no thread's loop has more iterations than a driver allows. */
export function leastSplits(
  { problem, depth, splittable = false }: Pick<Contraction, "problem" | "depth" | "splittable">,
  schedule: Schedule,
  mostIterations: number,
): number {
  if (!splittable || mostIterations === Infinity) return 1;
  const most = (mostIterations - loopIterations(0)) * depthsPerIteration(problem, schedule);
  return Math.ceil(depth / Math.max(4, Math.floor(most / 4) * 4));
}

/** Depths of one part of a sum that is split into `splits` parts: a multiple of four. */
export function partDepth(depth: number, splits: number): number {
  return Math.ceil(depth / splits / 4) * 4;
}

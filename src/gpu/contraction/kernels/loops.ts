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
  { problem, splittable = false }: Pick<Contraction, "problem" | "splittable">,
  schedule: Schedule,
  mostIterations: number,
): number {
  if (!splittable || mostIterations === Infinity) return 1;
  const [around] = problem.loops(problem.length);
  const innermost = around.reduce((most, times) => Math.floor((most - 1) / times) - 1, mostIterations);
  const most = (innermost - loopIterations(0)) * depthsPerIteration(problem, schedule);
  return Math.ceil(problem.length / Math.max(4, Math.floor(most / 4) * 4));
}

/** Length of one part of a run that is cut into `splits` parts: a multiple of four. */
export function partLength(run: number, splits: number): number {
  return Math.ceil(run / splits / 4) * 4;
}

import type { Problem } from "../sums/problem.ts";
import { range } from "./unroll.ts";

/** Four columns of B at one depth, whichever way it lies. */
export function singleRow(problem: Problem, j: string, quad: string): string {
  const { b } = problem;
  if (b.along === "columns") return b.load(j, quad);
  return `vec4f(${range(4).map((c) => b.single(j, `(${quad} * 4u + ${c}u)`)).join(", ")})`;
}

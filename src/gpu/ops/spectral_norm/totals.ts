import { workgroupTree } from "../../kernel/workgroup_tree.ts";

/** Declares the array in which the threads of a workgroup add up their `total`. */
export function sharedTotals(threads: number): string {
  return `var<workgroup> shared_totals: array<f32, ${threads}>;`;
}

/** Statements that leave the sum of all threads' `total` in `shared_totals[0]`. */
export function sumOfTotals(threads: number): string {
  const tree = workgroupTree({
    value: "total",
    half: `${threads / 2}u`,
    shared: "shared_totals",
    stored: true,
  });
  return `${tree}\n  workgroupBarrier();`;
}

/**
 * Iterations that a loop takes: `times` times what is inside, and the test that ends it, which drivers that limit
 * iterations count as well. Loops one after another add up.
 */
export function loopIterations(times: number, inside = 0): number {
  return times * (inside + 1) + 1;
}

/** Iterations of a tree that merges the values of `threads` threads, half of them at a time. */
export function treeIterations(threads: number): number {
  return loopIterations(Math.ceil(Math.log2(Math.max(1, threads))));
}

import { loopIterations } from "../../kernel/iterations.ts";

/** Rows that a thread merges into its moments at a time. */
export const MOMENTS_ROWS = 8;

/**
 * Merges after which a thread begins with new moments: each merge rounds, and this keeps a mean of many values exact
 * enough.
 */
export const MOMENTS_BLOCK = 32;

/** Rows whose gradients a thread adds up before they join its sum. */
export const SUM_ROWS = 4;

/** Iterations of a thread that finds the moments of `rows` rows. */
export function momentsIterations(rows: number): number {
  const merges = Math.floor(rows / MOMENTS_ROWS);
  const blocks = Math.ceil(merges / MOMENTS_BLOCK);
  return loopIterations(blocks) + blocks + merges + loopIterations(Math.min(rows, MOMENTS_ROWS - 1));
}

/** Iterations of a thread that adds up the gradients of `rows` rows. */
export function sumIterations(rows: number): number {
  return loopIterations(Math.floor(rows / SUM_ROWS)) + loopIterations(Math.min(rows, SUM_ROWS - 1));
}

/** Iterations of a thread that goes down each group of whole columns twice: for what `first` counts, and once more. */
export function columnIterations(
  { groups, rows }: { readonly groups: number; readonly rows: number },
  first: (rows: number) => number,
): number {
  return loopIterations(groups, first(rows) + loopIterations(rows));
}

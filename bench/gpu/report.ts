import type { Report } from "../report.ts";
import type { GoldenResult } from "./golden.ts";
import type { Standing } from "./standings.ts";

/** All that one run on a graphics card has found. */
export interface GpuReport {
  /** The bench's own. */
  readonly bench: Report;
  /** How the golden cases went; missing where there were none to run. */
  readonly golden?: GoldenResult;
  /** The card's limit for multiply-adds of 32-bit floats, GFLOP/s. */
  readonly limit: number;
  /** PyTorch's version and its name of the device, or why it was not measured. */
  readonly pytorch: { readonly version: string; readonly device: string } | { readonly skipped: string };
  /** Ways to run PyTorch that failed, and why. */
  readonly failures: readonly string[];
  /** Training steps, ours and PyTorch's. */
  readonly standings: readonly Standing[];
}

/** Part of the card's limit that a whole step is to reach. */
const GOAL = 0.5;

/** What was to be reached, and whether it was, a sentence each. */
export function goals({ standings }: GpuReport): string[] {
  const shares = standings.filter(({ ours }) => ours);
  const best = shares.reduce((a, b) => b.shareOfLimit.median > a.shareOfLimit.median ? b : a);
  const tuned = best.contender === "ours" ? "" : ", tuned";
  const share = `${(100 * best.shareOfLimit.median).toFixed(0)} % at best (${best.workload}${tuned})`;
  const reached = best.shareOfLimit.median >= GOAL ? "reached" : "not reached";
  const sentences = [`Half of the card's limit for a whole step: ${reached}, ${share}.`];
  const rivals = standings.filter(({ f32, oursIsFasterBy }) => f32 && oursIsFasterBy !== undefined);
  if (rivals.length > 0) {
    const workloads = [...Map.groupBy(rivals, ({ workload }) => workload)];
    const ahead = workloads.filter(([, all]) => all.every(({ oursIsFasterBy }) => oursIsFasterBy! > 1));
    const reached = ahead.length === workloads.length ? "reached" : "not reached";
    const names = ahead.length === 0 ? "" : ` (${ahead.map(([workload]) => workload).join(", ")})`;
    sentences.push(
      `Ahead of PyTorch in f32: ${reached}, at ${ahead.length} of ${workloads.length} workloads${names}.`,
    );
  }
  return sentences;
}

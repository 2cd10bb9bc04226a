import { lastSteps } from "../numbers/last_steps.ts";
import { stepsIn } from "../numbers/metrics_file.ts";
import type { StepMetrics } from "../run/events.ts";

/** Steps whose numbers are averaged: those of one step say little. */
export const WINDOW = 100;

/** Means of the numbers of steps, by name: of those steps that have the number, and where it is finite. */
export type StepMeans = Readonly<Record<string, number>>;

/** Sums of the numbers of steps. */
class Sums {
  readonly #sums = new Map<string, [sum: number, count: number]>();
  #last: StepMetrics | undefined;

  add(metrics: StepMetrics): void {
    this.#last = metrics;
    for (const [name, value] of Object.entries(metrics)) {
      if (!Number.isFinite(value)) continue;
      const [sum, count] = this.#sums.get(name) ?? [0, 0];
      this.#sums.set(name, [sum + value, count + 1]);
    }
  }

  /** The means; how far the run has come is that of the last step. Undefined without a step. */
  get means(): StepMeans | undefined {
    if (!this.#last) return undefined;
    const means = Object.fromEntries([...this.#sums].map(([name, [sum, count]]) => [name, sum / count]));
    return { ...means, step: this.#last.step, epoch: this.#last.epoch };
  }
}

/** Means over the last {@linkcode WINDOW} steps of a `metrics.jsonl`. */
export async function lastMeans(path: string): Promise<StepMeans | undefined> {
  const sums = new Sums();
  for (const step of await lastSteps(path, WINDOW)) sums.add(step);
  return sums.means;
}

/** Means over the {@linkcode WINDOW} steps up to each of some steps, fewer at the beginning of a run. */
export async function meansAt(path: string, steps: readonly number[]): Promise<(StepMeans | undefined)[]> {
  const all = steps.map(() => new Sums());
  for await (const some of stepsIn(path)) {
    for (const metrics of some) {
      steps.forEach((at, i) => {
        if (metrics.step <= at && metrics.step > at - WINDOW) all[i]!.add(metrics);
      });
    }
  }
  return all.map(({ means }) => means);
}

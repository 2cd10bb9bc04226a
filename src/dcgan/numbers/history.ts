import type { StepMetrics } from "../run/events.ts";
import { GRADIENT_NORMS, STEP_NUMBERS } from "./step_numbers.ts";

/** Numbers that the steps of some runs have, and a plot or a report shows. */
const FURTHER_NUMBERS = [
  ...GRADIENT_NORMS,
  "penalties",
  "r1Penalty",
  "r2Penalty",
  "wganGpPenalty",
  "learningRate",
  "dLearningRate",
  "r1",
  "r2",
  "gradientPenalty",
  "instanceNoise",
  "augmentProbability",
] as const satisfies readonly (keyof StepMetrics)[];

/** All that a history keeps of a step. */
const KEPT = [...STEP_NUMBERS, ...FURTHER_NUMBERS] as const;

/** Name of one number of a step. */
export type NumberName = (typeof KEPT)[number];

/** Places that a history has; neighbors share one in longer runs. */
const CAPACITY = 8192;

/** Numbers kept of each curve in a place: the least, the greatest, the sum, and how many of them are finite. */
const WIDTH = 4;

/** Numbers of a place, the first of which is its number. */
const ROW = 1 + KEPT.length * WIDTH;

/** A curve of a history: for each place its values, which are not a number if none is finite. */
export interface HistoryCurve {
  /** Least value of each place. */
  readonly low: Float64Array;
  /** Greatest value. */
  readonly high: Float64Array;
  /** Mean. */
  readonly mean: Float64Array;
  /** Values that are finite. */
  readonly weight: Float64Array;
}

/**
 * The numbers of a run as its plot needs them, in memory that does not grow with the run: up to 8,192 steps as they are,
 * then means, least and greatest values of 2, 4, 8, ... neighbors. Depends on the steps alone, and not on how they were
 * added, so that a resumed run has the same plot as one that never ended.
 */
export class History {
  /** All there will ever be, and one row more, which {@linkcode History.add} fills before it makes room. */
  readonly #rows = new Float64Array((CAPACITY + 1) * ROW);
  /** Numbers of these in use. */
  #length = 0;
  #each = 1;
  #count = 0;
  #first: number | undefined;
  #last = 0;

  /** The history of these steps, ascending. */
  static of(steps: Iterable<StepMetrics>): History {
    const history = new History();
    for (const step of steps) history.add(step);
    return history;
  }

  /** Steps that were added. */
  get count(): number {
    return this.#count;
  }

  /** Steps that share a place. */
  get each(): number {
    return this.#each;
  }

  /** The first step and the last; undefined if there is none. */
  get ends(): readonly [first: number, last: number] | undefined {
    return this.#first === undefined ? undefined : [this.#first, this.#last];
  }

  /** Adds a step that comes after all others. */
  add(metrics: StepMetrics): void {
    this.#first ??= metrics.step;
    this.#last = metrics.step;
    this.#count++;
    const row = [this.#placeOf(metrics.step)];
    for (const name of KEPT) {
      const value = metrics[name] ?? NaN;
      if (Number.isFinite(value)) row.push(value, value, value, 1);
      else row.push(Infinity, -Infinity, 0, 0);
    }
    this.#push(row);
    while (this.#length > CAPACITY * ROW) this.#thin();
  }

  /** The middle of each place, as a step. */
  steps(): Float64Array {
    return Float64Array.from(
      { length: this.#length / ROW },
      (_, i) => this.#rows[i * ROW]! * this.#each + (this.#each + 1) / 2,
    );
  }

  /** The values of one curve. */
  curve(name: NumberName): HistoryCurve {
    const at = 1 + KEPT.indexOf(name) * WIDTH;
    const column = (value: (from: number) => number): Float64Array =>
      Float64Array.from({ length: this.#length / ROW }, (_, i) => value(i * ROW + at));
    const rows = this.#rows;
    const orNone = (from: number, value: number) => rows[from + 3] === 0 ? NaN : value;
    return {
      low: column((from) => orNone(from, rows[from]!)),
      high: column((from) => orNone(from, rows[from + 1]!)),
      mean: column((from) => orNone(from, rows[from + 2]! / rows[from + 3]!)),
      weight: column((from) => rows[from + 3]!),
    };
  }

  #placeOf(step: number): number {
    return Math.floor((step - 1) / this.#each);
  }

  /** Adds a row, to the last one if both have one place. */
  #push(row: ArrayLike<number>): void {
    const rows = this.#rows;
    const last = this.#length - ROW;
    if (last < 0 || rows[last] !== row[0]) {
      rows.set(row, this.#length);
      this.#length += ROW;
      return;
    }
    for (let i = 1; i < ROW; i += WIDTH) {
      rows[last + i] = Math.min(rows[last + i]!, row[i]!);
      rows[last + i + 1] = Math.max(rows[last + i + 1]!, row[i + 1]!);
      rows[last + i + 2]! += row[i + 2]!;
      rows[last + i + 3]! += row[i + 3]!;
    }
  }

  /** Lets twice as many steps share a place. Rows move towards the front, so none is overwritten before it is read. */
  #thin(): void {
    const before = this.#length;
    this.#length = 0;
    this.#each *= 2;
    for (let at = 0; at < before; at += ROW) {
      const row = this.#rows.slice(at, at + ROW);
      row[0] = Math.floor(row[0]! / 2);
      this.#push(row);
    }
  }
}

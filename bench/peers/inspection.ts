import type { Losses, Reply } from "./protocol.ts";

/** Steps whose losses are compared: later ones drift apart as rounding does its work. */
const COMPARED_STEPS = 3;
/** How far losses of the first step may lie apart, as a share. */
const FIRST_STEP_TOLERANCE = 1e-3;

/** Watches what a contender answers, so that nobody is fast by doing something else. */
export class Inspection {
  #name: string;
  #losses: Losses[] = [];
  #parameters = 0;
  /** Root of the mean square of pictures drawn after the first step. */
  level: number | undefined;

  /** For a contender of this name. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Takes note of an answer. */
  see({ losses, parameters, level }: Reply): void {
    this.#losses.push(...losses);
    this.#parameters = parameters;
    this.level ??= level;
  }

  /**
   * Share by which its losses in the first steps, and the pictures after the first, are off ours.
   *
   * @throws {Error} if it did something else: other networks, losses that are not finite or do not move, or that differ
   * in the first step already.
   */
  compare(ours: Inspection): { losses: number; pictures?: number } {
    const name = this.#name;
    if (this.#parameters !== ours.#parameters) {
      throw new Error(`${name} has ${this.#parameters} parameters, ours ${ours.#parameters}`);
    }
    if (!this.#losses.flat().every(Number.isFinite)) {
      throw new Error(`${name} has losses that are not finite`);
    }
    const [first, second] = this.#losses;
    if (second && first!.every((loss, i) => loss === second[i])) {
      throw new Error(`${name} does not learn: its losses stay at ${first!.join(" and ")}`);
    }
    const steps = Math.min(COMPARED_STEPS, this.#losses.length, ours.#losses.length);
    const differences = Array.from(
      { length: steps },
      (_, step) => this.#losses[step]!.map((loss, i) => relative(loss, ours.#losses[step]![i]!)),
    );
    if (differences[0]!.some((difference) => difference > FIRST_STEP_TOLERANCE)) {
      const [found, expected] = [this, ours].map((each) => each.#losses[0]!.join(" and "));
      throw new Error(
        `${name} computes something else: losses of ${found} in the first step, ours ${expected}`,
      );
    }
    return {
      losses: Math.max(...differences.flat()),
      ...(this.level === undefined || ours.level === undefined
        ? {}
        : { pictures: relative(this.level, ours.level) }),
    };
  }
}

function relative(found: number, expected: number): number {
  return Math.abs(found - expected) / Math.abs(expected);
}

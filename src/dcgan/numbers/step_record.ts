import { add, fill, type Tensor } from "../../gpu/mod.ts";
import { type Network, SCALING } from "../../nn/mod.ts";
import type { StepFaults } from "./non_finite.ts";
import type { StepResults } from "../training_step.ts";
import {
  GRADIENT_NORMS,
  nameNumbers,
  type PenaltyName,
  STEP_NUMBERS,
  type StepNumbers,
} from "./step_numbers.ts";

/** What is read back of a step. */
export interface ReadStep {
  /** Its numbers. */
  readonly numbers: StepNumbers;
  /** What its optimizers found. */
  readonly faults: StepFaults;
}

/**
 * The row of numbers that a step leaves on the GPU, to be read with those of other steps: its numbers, the
 * norms of both networks' gradients, the faults of both optimizers, in f16 how both networks scaled their
 * gradients, the gradient penalties if there are any, and the probability of augmentations if it adapts itself.
 */
export class StepRecord {
  /** Numbers in a row. */
  readonly columns: number;
  #watched: Tensor[];
  #scaled: boolean;
  #penalties: readonly (PenaltyName | undefined)[];
  #probability: Tensor | undefined;

  /** Of these networks. */
  constructor(
    networks: Readonly<Record<"generator" | "discriminator", Network>>,
    optimizers: Readonly<Record<"generator" | "discriminator", { readonly faults: Tensor }>>,
    { penalties = [], probability }: {
      /** Those that a step computes, in order; undefined for one that is off. */
      readonly penalties?: readonly (PenaltyName | undefined)[];
      readonly probability?: Tensor | undefined;
    } = {},
  ) {
    const both = ["discriminator", "generator"] as const;
    const scalings = both.flatMap((name) => networks[name].gradientScaling?.values ?? []);
    this.#scaled = scalings.length > 0;
    this.#watched = [...both.map((name) => optimizers[name].faults), ...scalings];
    this.#penalties = penalties;
    this.#probability = probability;
    this.columns = penalties.length + (probability ? 1 : 0) + STEP_NUMBERS.length + GRADIENT_NORMS.length +
      this.#watched.reduce((sum, { size }) => sum + size, 0);
  }

  /** What to record, in order. */
  tensors(results: StepResults): Tensor[] {
    const { discriminatorScores, generatorScores, gradientNorms, penalties } = results;
    const { earlierDiscriminatorScaling: discriminator, earlierGeneratorScaling: generator } = results;
    const [faults, otherFaults, scaling, otherScaling] = this.#watched as [Tensor, Tensor, Tensor?, Tensor?];
    // With those of earlier updates, its skips are those of the whole step
    const scalings = scaling && otherScaling
      ? [
        discriminator ? add(discriminator, scaling) : scaling,
        generator ? add(generator, otherScaling) : otherScaling,
      ]
      : [];
    const scores = [discriminatorScores, generatorScores];
    const norms = [gradientNorms.discriminator, gradientNorms.generator];
    const { length } = this.#penalties;
    const none = length > 0 ? [fill(faults.device, [length], 0)] : [];
    const probability = this.#probability ? [this.#probability] : [];
    return [
      ...scores,
      ...norms,
      faults,
      otherFaults,
      ...scalings,
      ...(penalties ? [penalties] : none),
      ...probability,
    ];
  }

  /**
   * What a row says.
   *
   * @param times How many times the penalties count in the step; 0 if it has none.
   */
  read(row: ArrayLike<number>, times = 1): ReadStep {
    const behind = Array.from(row).slice(STEP_NUMBERS.length);
    const norms = GRADIENT_NORMS.map((name) => [name, behind.shift()!] as const);
    const [discriminator = 0, generator = 0, ...others] = behind;
    const augmentProbability = this.#probability ? others.pop() : undefined;
    const penalties = times > 0 ? others.slice(others.length - this.#penalties.length) : [];
    const width = Object.keys(SCALING).length;
    const skipped = this.#scaled ? others[SCALING.skip]! + others[width + SCALING.skip]! : 0;
    return {
      numbers: {
        ...nameNumbers(row),
        ...Object.fromEntries(norms.filter(([, norm]) => Number.isFinite(norm))),
        ...(skipped > 0 ? { skippedUpdates: skipped } : {}),
        ...(penalties.length > 0 ? this.#namePenalties(penalties.map((penalty) => penalty / times)) : {}),
        ...(augmentProbability === undefined ? {} : { augmentProbability }),
      },
      faults: { discriminator, generator },
    };
  }

  /** Each by itself, and their sum. */
  #namePenalties(penalties: readonly number[]): Pick<StepNumbers, PenaltyName | "penalties"> {
    const named = this.#penalties.flatMap((name, at) => name ? [[name, penalties[at]!]] : []);
    return { penalties: penalties.reduce((sum, next) => sum + next), ...Object.fromEntries(named) };
  }
}

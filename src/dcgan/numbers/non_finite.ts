import { FAULTS, type Scheduled } from "../../nn/mod.ts";
import { rateFlags } from "../optimizers/learning_rates.ts";
import { textOf } from "../schedules/scheduled_values.ts";
import { describeBadValue, firstNegativeVariance, firstNonFinite, type NamedValues } from "./finite.ts";
import type { StepMetrics } from "../run/events.ts";
import { PENALTIES, type PenaltyName, STEP_NUMBERS, type StepNumbers } from "./step_numbers.ts";

/**
 * What became NaN or infinite: a loss, the gradients, what an optimizer remembers, the parameters, the running variances
 * of batch norms, a checkpoint about to be written, or samples.
 */
export type NonFiniteKind =
  | "loss"
  | "gradients"
  | "optimizer"
  | "parameters"
  | "statistics"
  | "checkpoint"
  | "samples";

/** Where and what. */
export interface NonFinite {
  /** What became NaN or infinite. */
  readonly kind: NonFiniteKind;
  /** The first step in which it was, counted from 1. */
  readonly step: number;
  /** The same in words: "the generator's loss is NaN". */
  readonly what: string;
}

/** What is known of a run, for advice. */
export interface RunPlace {
  /** Its folder. */
  readonly out: string;
  /** Its learning rate. */
  readonly learningRate: Scheduled;
  /** That of its discriminator, if it has one of its own. */
  readonly dLearningRate?: Scheduled;
  /** What it computes in. */
  readonly precision: "f32" | "f16";
  /** Its latest checkpoint, if there is one. */
  readonly checkpoint: string | undefined;
}

/** Training cannot continue: a number is NaN or infinite, and so would be all that follow. */
export class NonFiniteError extends Error implements NonFinite {
  /** Class name, for logs. */
  override readonly name = "NonFiniteError";
  readonly kind: NonFiniteKind;
  readonly step: number;
  readonly what: string;
  /** Numbers of the steps before, of those that were read together with the bad one. */
  readonly before: readonly StepNumbers[];

  /** Says what happened and what to do, in more detail if the run is known. */
  constructor(
    found: NonFinite,
    { before = [], run }: { before?: readonly StepNumbers[]; run?: RunPlace } = {},
  ) {
    super(
      `Training failed at step ${found.step}: ${found.what}, and later steps would be useless. ` +
        (run ? adviceFor(run) : "Use a lower learning rate"),
    );
    this.kind = found.kind;
    this.step = found.step;
    this.what = found.what;
    this.before = before;
  }

  /** The same with the advice that fits a run. */
  in(run: RunPlace): NonFiniteError {
    return new NonFiniteError(this, { before: this.before, run });
  }
}

function adviceFor({ out, learningRate, dLearningRate, precision, checkpoint }: RunPlace): string {
  const lower = rateFlags({ learningRate, ...(dLearningRate ? { dLearningRate } : {}) }, (rate) => rate / 10);
  const rate = dLearningRate === undefined
    ? `a lower learning rate, such as ${lower} (it was ${textOf(learningRate)})`
    : `lower learning rates, such as ${lower} (they were ${textOf(learningRate)} and ${
      textOf(dLearningRate)
    })`;
  const wider = precision === "f16" ? ", or --precision f32" : "";
  if (checkpoint === undefined) {
    return `No checkpoint was written before that. Start a new run with ${rate}${wider}`;
  }
  return `The last good checkpoint is ${checkpoint}. Resume from it with ${rate}: ` +
    `train --resume ${out} ${lower}${wider ? `. Or start a new run with --precision f32` : ""}`;
}

const WORDS: Readonly<Record<(typeof STEP_NUMBERS)[number], string>> = {
  discriminatorLossReal: "the discriminator's loss on real images",
  dReal: "the discriminator's probability of real images",
  discriminatorLossFake: "the discriminator's loss on fake images",
  dFake: "the discriminator's probability of fake images",
  generatorLoss: "the generator's loss",
  dFakeAfter: "the discriminator's probability of fake images after its update",
};

/** The optimizers' faults, as the step recorded them. */
export interface StepFaults {
  /** Of the discriminator's. */
  readonly discriminator: number;
  /** Of the generator's. */
  readonly generator: number;
}

/** What is bad in the numbers of a step; undefined if all is well. */
export function findNonFinite(step: number, numbers: StepNumbers, faults: StepFaults): NonFinite | undefined {
  for (const name of STEP_NUMBERS) {
    const value = numbers[name];
    if (!Number.isFinite(value)) return { kind: "loss", step, what: `${WORDS[name]} is ${value}` };
  }
  for (const [name, words] of Object.entries(PENALTIES)) {
    const value = numbers[name as PenaltyName] ?? 0;
    if (!Number.isFinite(value)) {
      return { kind: "loss", step, what: `the discriminator's gradient penalty ${words} is ${value}` };
    }
  }
  const kinds = [
    ["gradients", FAULTS.gradients, "a gradient of the"],
    ["optimizer", FAULTS.state, "a moving average in the optimizer of the"],
    ["parameters", FAULTS.values, "a weight of the"],
    ["statistics", FAULTS.statistics, "a running variance of the"],
  ] as const;
  for (const [kind, bit, words] of kinds) {
    for (const network of ["discriminator", "generator"] as const) {
      if ((faults[network] & bit) !== 0) {
        return { kind, step, what: `${words} ${network} became NaN or infinite` };
      }
    }
  }
  return undefined;
}

/**
 * Throws if a run could not resume from the checkpoint that is about to be written.
 *
 * @param files The tensors of each file, by its name.
 * @throws {NonFiniteError} naming file and tensor.
 */
export function expectFiniteCheckpoint(step: number, files: ReadonlyMap<string, NamedValues>): void {
  for (const [file, tensors] of files) {
    const bad = firstNonFinite(tensors) ?? firstNegativeVariance(tensors);
    if (!bad) continue;
    const what = `its checkpoint is not written, as ${describeBadValue(bad)} in ${file}`;
    throw new NonFiniteError({ kind: "checkpoint", step, what });
  }
}

/** What to say of steps in which updates were skipped; undefined if none was. */
export function skippedUpdatesWarning(steps: readonly StepMetrics[]): string | undefined {
  const skipping = steps.filter(({ skippedUpdates = 0 }) => skippedUpdates > 0);
  const [first] = skipping;
  if (!first) return undefined;
  const updates = skipping.reduce((sum, { skippedUpdates = 0 }) => sum + skippedUpdates, 0);
  const last = skipping.at(-1)!;
  const where = first === last ? `step ${first.step}` : `steps ${first.step} to ${last.step}`;
  return `Skipped ${updates} ${
    updates === 1 ? "update" : "updates"
  } in ${where}: gradients overflowed 16 bits. ` +
    "The next ones are scaled less; with --precision f32 this cannot happen";
}

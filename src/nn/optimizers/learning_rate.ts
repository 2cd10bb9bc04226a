import { expectKnownOptions } from "../../gpu/mod.ts";

/** How a learning rate changes over a run. */
export type ScheduleName = "constant" | "linear" | "cosine";

/** What the learning rate of a step follows from. */
export interface ScheduleOptions {
  /** The rate after the warm-up, which a decay starts from. */
  learningRate: number;
  /**
   * Whether the rate stays, or decays to 0 along a line or along half a wave of a cosine.
   *
   * @default {"constant"}
   */
  schedule?: ScheduleName;
  /**
   * Steps in which the rate grows to `learningRate` along a line.
   *
   * @default {0}
   */
  warmup?: number;
  /** Steps of the run, with those of the warm-up. A decay needs to know them: it ends there. */
  steps?: number;
}

/**
 * The learning rate of a step, by a schedule with linear warm-up:
 *
 * ```text
 * t = step, counted from 0              q = (t - warmup) / (steps - warmup)
 * t < warmup:   learningRate * (t + 1) / warmup
 * constant:     learningRate
 * linear:       learningRate * (1 - q)
 * cosine:       learningRate * (1 + cos(pi * q)) / 2
 * ```
 *
 * It depends on nothing but its arguments, so that a run that is resumed has the same rates. The last step of a decay
 * has a rate above 0; from step `steps` on it is 0. PyTorch has such schedules as `torch.optim.lr_scheduler.LambdaLR`;
 * the cosine is that of Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5, without restarts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Adam, learningRateAt } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const parameters = { values: device.tensor([1, 2]), gradients: device.tensor([1, -1]) };
 * using adam = new Adam(parameters);
 * using program = device.program({}, () => adam.step());
 * const rates: number[] = [];
 * for (let step = 0; step < 4; step++) {
 *   rates.push(learningRateAt(step, { learningRate: 0.125, schedule: "linear", warmup: 2, steps: 4 }));
 *   adam.setLearningRate(rates[step]!);
 *   program.run();
 * }
 * assertEquals(rates, [0.0625, 0.125, 0.125, 0.0625]);
 * ```
 *
 * @throws {RangeError} if the step or the warm-up is no whole number from 0 on, the learning rate is not finite and at
 * least 0, or a decay does not know its steps.
 * @throws {TypeError} if there is no such option or schedule.
 */
export function learningRateAt(step: number, options: ScheduleOptions): number {
  expectKnownOptions("learningRateAt()", options, {
    learningRate: true,
    schedule: true,
    warmup: true,
    steps: true,
  });
  const { learningRate, schedule = "constant", warmup = 0, steps } = options;
  if (!Object.hasOwn(decays, schedule)) {
    refuse(TypeError, "the schedule", `one of ${Object.keys(decays).join(", ")}`, schedule);
  }
  if (!(learningRate >= 0 && learningRate < Infinity)) {
    refuse(RangeError, "'learningRate'", "finite and at least 0", learningRate);
  }
  expectCount("the step", step);
  expectCount("'warmup'", warmup);
  if (step < warmup) return learningRate * (step + 1) / warmup;
  if (schedule === "constant") return learningRate;
  expectCount(`'steps' of a ${schedule} schedule`, steps);
  return step >= steps ? 0 : learningRate * decays[schedule]((step - warmup) / (steps - warmup));
}

/**
 * What is left of a rate once a share of its decay is behind it.
 *
 * @internal
 */
export const decays: Readonly<Record<ScheduleName, (share: number) => number>> = {
  constant: () => 1,
  linear: (share) => 1 - share,
  cosine: (share) => 0.5 * (1 + Math.cos(Math.PI * share)),
};

function expectCount(what: string, value: number | undefined): asserts value is number {
  if (!Number.isSafeInteger(value) || value! < 0) {
    refuse(RangeError, what, "a whole number of at least 0", value);
  }
}

function refuse(kind: ErrorConstructor, what: string, allowed: string, found: unknown): never {
  throw new kind(`Cannot find a learning rate: ${what} must be ${allowed}, found ${found}`);
}

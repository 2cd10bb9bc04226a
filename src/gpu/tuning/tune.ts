import type { Contraction } from "../contraction/sums/contraction.ts";
import { formatVariant, type Variant } from "../contraction/variants/variant.ts";
import type { Device } from "../device/device.ts";
import { DeviceLostError } from "../device/errors.ts";
import { median } from "../timing/median.ts";
import type { Program } from "../program/program.ts";
import { candidatesFor, otherSplits } from "./candidates.ts";
import { Trial } from "./trial.ts";
import { type VariantTimer, variantTimer } from "./variant_timer.ts";

/** Measurements of a variant that may be the fastest. */
const ROUNDS = 5;

/** Variants that are this much slower than the fastest in the first round are not measured again. */
const HOPELESS = 1.3;

/** How much faster than the default another variant must be to take its place: less may be chance. */
const WORTH_IT = 1.03;

/** Milliseconds of one measurement at least, so that the clock's steps do not count. */
const LEAST_TIME = 1;

/** Runs in one measurement at most. */
const MOST_RUNS = 64;

/** What tuning found for one contraction. */
export interface Tuned {
  /** What it computes: see the table's keys in a run's `config.json`. */
  readonly signature: string;
  /** The fastest variant that computes the right thing. */
  readonly variant: string;
  /** Its time in milliseconds. */
  readonly milliseconds: number;
  /** The default's time, if it computes the right thing. */
  readonly defaultMilliseconds: number | undefined;
  /** Variants that were refused, and why: the driver does not compile them, or what they compute is wrong. */
  readonly refused: readonly { readonly variant: string; readonly reason: string }[];
}

interface Entrant {
  readonly variant: Variant;
  readonly program: Program;
  readonly runs: number;
  readonly times: number[];
}

/**
 * Finds the fastest variant of each contraction on a device: all candidates are run, compared with a reference on the
 * host and with each other, and those that are right are timed in turns. Takes from some seconds on a GPU to minutes on
 * a CPU, most of it to compile. Reports each result as it is found.
 *
 * @param contractions By signature.
 */
export async function* tuneContractions(
  device: Device,
  contractions: ReadonlyMap<string, Contraction>,
): AsyncGenerator<Tuned, void, void> {
  const timer = await variantTimer(device);
  for (const [signature, contraction] of contractions) {
    yield await tuneOne(device, timer, signature, contraction);
    device.trim();
  }
}

async function tuneOne(
  device: Device,
  timer: VariantTimer,
  signature: string,
  contraction: Contraction,
): Promise<Tuned> {
  using trial = new Trial(device, contraction);
  const refused: { variant: string; reason: string }[] = [];
  const candidates = candidatesFor(device, contraction);
  const first = await race(device, trial, timer, candidates, refused);
  const [best] = first;
  if (!best) {
    const reasons = refused.map(({ variant, reason }) => `${variant}: ${reason}`).join("; ");
    throw new Error(
      `Cannot tune '${signature}' on ${device.adapter.name}: no variant computes it correctly (${reasons}). ` +
        "Update the driver, or use another adapter",
    );
  }
  const second = await race(
    device,
    trial,
    timer,
    [best.variant, ...otherSplits(device, contraction, best.variant)],
    refused,
  );
  const standard = formatVariant(candidates[0]!);
  const all = [...second, ...first.filter(({ variant }) => formatVariant(variant) === standard)];
  const byDefault = all.find(({ variant }) => formatVariant(variant) === standard);
  const fastest = all.reduce((one, other) => other.milliseconds < one.milliseconds ? other : one);
  const winner = byDefault && byDefault.milliseconds < WORTH_IT * fastest.milliseconds ? byDefault : fastest;
  return {
    signature,
    variant: formatVariant(winner.variant),
    milliseconds: winner.milliseconds,
    defaultMilliseconds: byDefault?.milliseconds,
    refused,
  };
}

/** Times the variants that are right, in turns; the fastest is the first. */
async function race(
  device: Device,
  trial: Trial,
  timer: VariantTimer,
  variants: readonly Variant[],
  refused: { variant: string; reason: string }[],
): Promise<{ variant: Variant; milliseconds: number }[]> {
  using programs = new DisposableStack();
  const entrants: Entrant[] = [];
  for (const variant of variants) {
    const reason = await enter(device, trial, timer, variant, programs, entrants);
    if (reason) refused.push({ variant: formatVariant(variant), reason });
  }
  const quickest = Math.min(...entrants.map(({ times }) => times[0]!));
  const hopeful = entrants.filter(({ times }, i) => i === 0 || times[0]! <= HOPELESS * quickest);
  for (let round = 1; round < ROUNDS; round++) {
    for (const { program, runs, times } of hopeful) times.push(await timer.time(program) / runs);
  }
  return hopeful
    .map(({ variant, times }) => ({ variant, milliseconds: median(times) }))
    .sort((a, b) => a.milliseconds - b.milliseconds);
}

/** Compiles, checks and times a variant once. Returns why it was refused, if it was. */
async function enter(
  device: Device,
  trial: Trial,
  timer: VariantTimer,
  variant: Variant,
  programs: DisposableStack,
  entrants: Entrant[],
): Promise<string | undefined> {
  try {
    const once = programs.use(trial.program(variant));
    const problem = await trial.problemOf(once);
    if (problem) return problem;
    const time = await timer.time(once);
    const runs = Math.max(1, Math.min(MOST_RUNS, Math.ceil(LEAST_TIME / Math.max(time, 1e-6))));
    const program = runs === 1 ? once : programs.use(trial.program(variant, runs));
    entrants.push({ variant, program, runs, times: [await timer.time(program) / runs] });
    return undefined;
  } catch (error) {
    if (error instanceof DeviceLostError) throw error;
    await device.settled().catch(() => undefined);
    return (error as Error).message;
  }
}

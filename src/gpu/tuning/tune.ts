import type { Contraction } from "../contraction/sums/contraction.ts";
import { formatVariant, type Variant } from "../contraction/variants/variant.ts";
import type { Device } from "../device/device.ts";
import { candidatesFor, kernelOf } from "./candidates.ts";
import { type Entrant, Entrants } from "./entrants.ts";
import { heat, leastTime, plan, race } from "./race.ts";
import { Trial } from "./trial.ts";
import { type VariantTimer, variantTimer } from "./variant_timer.ts";
import { warmUp } from "./warm_up.ts";

/** How much faster than the default another variant must be to take its place: less may be chance. */
const WORTH_IT = 1.03;

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

/**
 * Finds the fastest variant of each contraction on a device: all candidates are run, compared with a reference on the
 * host and with each other, and those that are right are timed in turns. Takes from some seconds on a GPU to minutes on
 * a CPU, most of it to compile. Reports each result as it is found.
 *
 * @param contractions By signature.
 * @param timer What they are timed by.
 */
export async function* tuneContractions(
  device: Device,
  contractions: ReadonlyMap<string, Contraction>,
  timer?: VariantTimer,
): AsyncGenerator<Tuned, void, void> {
  const timing = timer ?? await variantTimer(device);
  for (const [signature, contraction] of contractions) {
    yield await tuneOne(device, timing, signature, contraction);
    device.trim();
  }
}

/**
 * Each kernel is compiled and checked first, which leaves a card idle. When it is warm, each finds its number of parts, and
 * then all kernels race.
 */
async function tuneOne(
  device: Device,
  timer: VariantTimer,
  signature: string,
  contraction: Contraction,
): Promise<Tuned> {
  using trial = new Trial(device, contraction);
  using entrants = new Entrants(device, trial);
  const { refused } = entrants;
  const { software } = device.adapter;
  const candidates = candidatesFor(device, contraction);
  const kernels: { readonly own: Entrant; readonly others: readonly Variant[] }[] = [];
  for (const [first, ...others] of Map.groupBy(candidates, kernelOf).values()) {
    const own = await entrants.enter(first!);
    if (own) kernels.push({ own, others });
  }
  const owns = kernels.map(({ own }) => own);
  const [quick] = owns;
  if (!quick) {
    const reasons = refused.map(({ variant, reason }) => `${variant}: ${reason}`).join("; ");
    throw new Error(
      `Cannot tune '${signature}' on ${device.adapter.name}: no variant computes it correctly (${reasons}). ` +
        "Update the driver, or use another adapter",
    );
  }
  if (!software) await warmUp(timer, quick.program);
  await plan(timer, owns, software);
  const standard = owns.find(({ variant }) => variant === candidates[0]);
  const best: Entrant[] = [];
  for (const { own, others } of kernels) {
    const other = await inBetterParts(entrants, timer, own, others);
    best.push(own, ...other ? [other] : []);
  }
  const results = (await race(timer, best, standard)).map((entrant) => ({
    entrant,
    milliseconds: leastTime(entrant),
  }));
  const byDefault = results.find(({ entrant }) => entrant === standard);
  const fastest = results.reduce((one, other) => other.milliseconds < one.milliseconds ? other : one);
  const winner = byDefault && byDefault.milliseconds < WORTH_IT * fastest.milliseconds ? byDefault : fastest;
  return {
    signature,
    variant: formatVariant(winner.entrant.variant),
    milliseconds: winner.milliseconds,
    defaultMilliseconds: byDefault?.milliseconds,
    refused,
  };
}

/** The same kernel with sums in another number of parts, if that is faster and right. */
async function inBetterParts(
  entrants: Entrants,
  timer: VariantTimer,
  own: Entrant,
  variants: readonly Variant[],
): Promise<Entrant | undefined> {
  const others: Entrant[] = [];
  for (const variant of variants) {
    const other = await entrants.compile(variant);
    if (other) others.push({ ...other, runs: own.runs });
  }
  if (others.length === 0) return undefined;
  const fastest = await heat(timer, [own, ...others]);
  for (const other of others) {
    if (other !== fastest) other.program[Symbol.dispose]();
  }
  return fastest !== own && await entrants.check(fastest) ? fastest : undefined;
}

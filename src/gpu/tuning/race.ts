import type { Entrant } from "./entrants.ts";
import type { VariantTimer } from "./variant_timer.ts";

/**
 * Variants that are this much slower than the fastest, each by its least time so far, are not measured again after the first
 * round, the second and so on: what else a machine does only ever adds to a time.
 */
const HOPELESS = [1.6, 1.3, 1.15, 1.1];

/** Measurements of a variant that may be the fastest: at least, and at most where they never agree. */
const ROUNDS = { least: HOPELESS.length + 1, most: 15 };

/** How near to each other the two least times of a variant are if nothing else has disturbed them. */
const SURE = 1.03;

/** Milliseconds of one measurement at least: on a processor, so that the clock's steps do not count. */
const LEAST_TIME = { card: 5, processor: 1 };

/** Runs in one measurement at most. */
const MOST_RUNS = 256;

/** Finds how often entrants must run in one measurement. */
export async function plan(
  timer: VariantTimer,
  entrants: readonly Entrant[],
  software: boolean,
): Promise<void> {
  const least = software ? LEAST_TIME.processor : LEAST_TIME.card;
  for (const [i, time] of (await timer.time(entrants)).entries()) {
    entrants[i]!.runs = Math.max(1, Math.min(MOST_RUNS, Math.ceil(least / Math.max(time, 1e-6))));
  }
}

/** The fastest of a few in one measurement. */
export async function heat(timer: VariantTimer, entrants: readonly Entrant[]): Promise<Entrant> {
  const times = await timer.time(entrants);
  return entrants[times.indexOf(Math.min(...times))]!;
}

/**
 * Times entrants in turns, round by round, each round beginning with another one, until it is sure which is the fastest. Those
 * that are hopeless give their memory back, but for one that is to be compared with.
 *
 * @returns those that were measured in all rounds.
 */
export async function race(
  timer: VariantTimer,
  entrants: readonly Entrant[],
  standard: Entrant | undefined,
): Promise<Entrant[]> {
  let hopeful = [...entrants];
  for (let round = 0; round < ROUNDS.most; round++) {
    const first = round % hopeful.length;
    const order = [...hopeful.slice(first), ...hopeful.slice(0, first)];
    for (const [i, time] of (await timer.time(order)).entries()) order[i]!.times.push(time);
    const most = (HOPELESS[round] ?? HOPELESS.at(-1)!) * Math.min(...hopeful.map(leastTime));
    const isLost = (entrant: Entrant) => leastTime(entrant) > most;
    const lost = hopeful.filter((entrant) => entrant !== standard && isLost(entrant));
    for (const { program } of lost) program[Symbol.dispose]();
    hopeful = hopeful.filter((entrant) => !lost.includes(entrant));
    const rivals = hopeful.filter((entrant) => !isLost(entrant));
    if (round + 1 >= ROUNDS.least && rivals.every(isSure)) break;
  }
  return hopeful;
}

function isSure({ times }: Entrant): boolean {
  const [least, next] = times.toSorted((a, b) => a - b) as [number, number];
  return next <= SURE * least;
}

/** Milliseconds of a run, at best. */
export function leastTime({ times }: Entrant): number {
  return Math.min(...times);
}

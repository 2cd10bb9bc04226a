import type { Entrant } from "./entrants.ts";
import type { VariantTimer } from "./variant_timer.ts";

/**
 * Variants that are this much slower than the fastest, each by its least time so far, are not measured again after the first
 * round, the second and so on: what else a machine does only ever adds to a time.
 */
const HOPELESS = [1.6, 1.3, 1.15, 1.1];

/** Measurements of a variant that may be the fastest. */
const ROUNDS = HOPELESS.length + 1;

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
 * Times entrants in turns, round by round, each round beginning with another one. Those that are hopeless give their memory
 * back, but for one that is to be compared with.
 *
 * @returns those that were measured in all rounds.
 */
export async function race(
  timer: VariantTimer,
  entrants: readonly Entrant[],
  standard: Entrant | undefined,
): Promise<Entrant[]> {
  let hopeful = [...entrants];
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % hopeful.length;
    const order = [...hopeful.slice(first), ...hopeful.slice(0, first)];
    for (const [i, time] of (await timer.time(order)).entries()) order[i]!.times.push(time);
    const most = (HOPELESS[round] ?? Infinity) * Math.min(...hopeful.map(leastTime));
    const lost = hopeful.filter((entrant) => entrant !== standard && leastTime(entrant) > most);
    for (const { program } of lost) program[Symbol.dispose]();
    hopeful = hopeful.filter((entrant) => !lost.includes(entrant));
  }
  return hopeful;
}

/** Milliseconds of a run, at best. */
export function leastTime({ times }: Entrant): number {
  return Math.min(...times);
}

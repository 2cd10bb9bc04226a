import type { Entrant } from "./entrants.ts";
import type { VariantTimer } from "./variant_timer.ts";

/** Measurements of a variant that may be the fastest. */
const ROUNDS = 5;

/** Variants that are this much slower than the fastest in the first round are not measured again. */
const HOPELESS = 1.3;

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
 * Times entrants in turns, round by round, each round beginning with another one. Those that are hopeless after the first
 * give their memory back, but for one that is to be compared with.
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
    if (round > 0) continue;
    const quickest = Math.min(...hopeful.map(({ times }) => times[0]!));
    const { true: left = [], false: lost = [] } = Object.groupBy(
      hopeful,
      (entrant) => `${entrant === standard || entrant.times[0]! <= HOPELESS * quickest}` as "true" | "false",
    );
    for (const { program } of lost) program[Symbol.dispose]();
    hopeful = left;
  }
  return hopeful;
}

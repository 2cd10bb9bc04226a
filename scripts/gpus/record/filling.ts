import type { Launch } from "../../../src/gpu/kernel/launch.ts";
import type { Card } from "./cards.ts";
import { threadsOf } from "./record.ts";

/**
 * Which share of the work of contractions, in percent, is done by launches of fewer threads than a card has lanes: while
 * one of these runs, a part of the card has nothing to do.
 */
export function underfilledShare(launches: readonly Launch[], { lanes }: Pick<Card, "lanes">): number {
  let [all, underfilled] = [0, 0];
  for (const launch of launches) {
    const work = launch.work ?? 0;
    all += work;
    if (threadsOf(launch) < lanes) underfilled += work;
  }
  return all === 0 ? 0 : Math.round(100 * underfilled / all);
}

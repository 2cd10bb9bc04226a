import type { Program } from "../program/program.ts";
import type { VariantTimer } from "./variant_timer.ts";

/** Milliseconds of work until a card's clocks have risen: at least, and until its times agree, at most. */
const WARM_UP = { least: 100, most: 500 };

/** Milliseconds of work of one measurement. */
const STEP = 20;

/** Measurements that must agree, and how far apart they may be. */
const AGREEING = { count: 3, ratio: 1.02 };

/**
 * Keeps a card busy until its clocks have settled, for which they are given some tenths of a second: a card that was idle is
 * several times slower at first, and what is timed then says nothing.
 */
export async function warmUp(timer: VariantTimer, program: Program): Promise<void> {
  const times: number[] = [];
  let spent = 0;
  let runs = 1;
  while (spent < WARM_UP.most && !(spent >= WARM_UP.least && agree(times))) {
    const [milliseconds] = await timer.time([{ program, runs }]) as [number];
    times.push(milliseconds);
    // A clock that does not move, as of a driver without one, must not keep this from ending
    spent += Math.max(milliseconds * runs, 1);
    runs = Math.max(1, Math.min(1000, Math.round(STEP / Math.max(milliseconds, 1e-3))));
  }
}

function agree(times: readonly number[]): boolean {
  const last = times.slice(-AGREEING.count);
  return last.length === AGREEING.count && Math.max(...last) <= AGREEING.ratio * Math.min(...last);
}

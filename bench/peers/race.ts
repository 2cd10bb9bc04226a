import { type Spread, spreadOf } from "../spread.ts";
import type { Worker } from "./worker.ts";

/** How one contender did in a race. */
export interface Placing {
  /** Its name. */
  readonly contender: string;
  /** Milliseconds for a training step, or for a batch of samples. */
  readonly milliseconds: Spread;
  /** Images a second. */
  readonly imagesPerSecond: Spread;
  /** How many times its time ours took less, round by round; missing for ours. */
  readonly oursIsFasterBy?: Spread;
}

/** What came out of a race: the first is ours. */
export interface Race {
  /** Workload and what was done, as in `S training`. */
  readonly name: string;
  /** Images in a step or batch. */
  readonly images: number;
  /** How everyone did. */
  readonly placings: readonly Placing[];
}

/** What is raced over, and how thoroughly. */
export interface RaceOptions {
  /** Its name. */
  readonly name: string;
  /** Training or sampling. */
  readonly command: "train" | "sample";
  /** Images in a step or batch. */
  readonly images: number;
  /** Turns of each contender. */
  readonly rounds: number;
  /** Seconds that a turn should take at least; 0 runs once. */
  readonly seconds: number;
}

/**
 * Has contenders take turns, round by round, so that a machine that slows down does so for all. Each runs as often as
 * fills a turn, once if that already takes longer.
 */
export async function race(
  workers: readonly Worker[],
  { name, command, images, rounds, seconds }: RaceOptions,
): Promise<Race> {
  const turns = workers.map(() => 0);
  const times: number[][] = workers.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, worker] of workers.entries()) {
      if (turns[i] === 0) {
        const { milliseconds } = await worker.ask(command, 1);
        turns[i] = Math.max(1, Math.ceil(seconds * 1000 / milliseconds));
        // Where once is enough, that was the first turn; else it was only to find out, and to warm up.
        if (turns[i] === 1) {
          times[i]!.push(milliseconds);
          continue;
        }
      }
      const { milliseconds } = await worker.ask(command, turns[i]);
      times[i]!.push(milliseconds / turns[i]!);
    }
  }
  const placings = workers.map(({ contender }, i): Placing => ({
    contender: contender.name,
    milliseconds: spreadOf(times[i]!),
    imagesPerSecond: spreadOf(times[i]!.map((each) => images * 1000 / each)),
    ...(i === 0 ? {} : {
      oursIsFasterBy: spreadOf(times[i]!.map((each, round) => each / times[0]![round]!)),
    }),
  }));
  return { name, images, placings };
}

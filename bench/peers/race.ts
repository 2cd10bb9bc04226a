import { type Spread, spreadOf } from "../spread.ts";
import { type Contender, isOurs } from "./contenders.ts";
import type { Worker } from "./worker.ts";

/** How one contender did in a race. */
export interface Placing {
  /** Its name. */
  readonly contender: string;
  /** Milliseconds for a training step, or for a batch of samples. */
  readonly milliseconds: Spread;
  /** Images a second. */
  readonly imagesPerSecond: Spread;
  /** Its time as a multiple of what ours took on as many threads, round by round; missing for ours. */
  readonly oursIsFasterBy?: Spread;
  /** Whether it is a slower way to run what another one runs too. */
  readonly slowerWay: boolean;
}

/** What came out of a race. */
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

/** What a race needs of a worker. */
export type Racer = Pick<Worker, "contender" | "ask">;

/**
 * Has contenders take turns, round by round, so that a machine that slows down does so for all. Each runs as often as
 * fills a turn, once if that already takes longer.
 */
export async function race(
  workers: readonly Racer[],
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
  return { name, images, placings: placingsOf(workers.map(({ contender }) => contender), times, images) };
}

/** How contenders did, by milliseconds of each in each round. */
function placingsOf(contenders: readonly Contender[], times: readonly number[][], images: number): Placing[] {
  const medians = times.map((each) => spreadOf(each).median);
  return contenders.map((contender, i) => {
    const { name, threads, wayOf } = contender;
    const ours = contenders.findIndex((other) => isOurs(other) && other.threads === threads);
    const slowerWay = wayOf !== undefined &&
      contenders.some((other, j) => other.wayOf === wayOf && medians[j]! < medians[i]!);
    return {
      contender: name,
      milliseconds: spreadOf(times[i]!),
      imagesPerSecond: spreadOf(times[i]!.map((each) => images * 1000 / each)),
      slowerWay,
      ...(ours === i ? {} : {
        oursIsFasterBy: spreadOf(times[i]!.map((each, round) => each / times[ours]![round]!)),
      }),
    };
  });
}

import { openDataset } from "../../plugins/datasets/mod.ts";
import { ArithmeticGain } from "./arithmetic.ts";
import { type Spread, spreadOf } from "../spread.ts";

/** How decoding grows with workers. */
export interface WorkersResult {
  /** Size of the pictures. */
  readonly size: string;
  /** Pictures a second with one worker. */
  readonly one: Spread;
  /** Pictures a second with two. */
  readonly two: Spread;
  /** How many times as fast two are as one, measured right before and right after. */
  readonly ratio: Spread;
  /** How many times as much arithmetic two threads do as one, measured between: the most that the ratio could be. */
  readonly possible: Spread;
}

/** Milliseconds of one measurement at least: a folder of small pictures is decoded in less than a tenth of a second. */
const LEAST = 500;

/** Decodes the pictures of a folder by one worker and by two in turns; nothing is kept, so that all are decoded each time. */
export async function measureWorkers(folder: string, size: string, rounds: number): Promise<WorkersResult> {
  const open = (workers: number) =>
    openDataset(folder, { size: 32, options: { workers, memory: 0, cache: "never" } });
  await using alone = await open(1);
  await using both = await open(2);
  const indices = Array.from({ length: alone.length }, (_, index) => index);
  const into = new Uint8Array(alone.length * 32 * 32 * 3);
  const speed = async (dataset: typeof alone): Promise<number> => {
    const start = performance.now();
    for (let pictures = indices.length;; pictures += indices.length) {
      await dataset.read(indices, into);
      const time = performance.now() - start;
      if (time >= LEAST) return pictures * 1000 / time;
    }
  };
  // Workers start, and their code is compiled, again and again while it gets hot
  for (const dataset of [alone, both, both]) await speed(dataset);
  using arithmetic = new ArithmeticGain();
  await arithmetic.measure();
  const pairs: { one: number; two: number; possible: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const [before, two, after] = [await speed(alone), await speed(both), await speed(alone)];
    pairs.push({ one: (before + after) / 2, two, possible: await arithmetic.measure() });
  }
  return {
    size,
    one: spreadOf(pairs.map(({ one }) => one)),
    two: spreadOf(pairs.map(({ two }) => two)),
    ratio: spreadOf(pairs.map(({ one, two }) => two / one)),
    possible: spreadOf(pairs.map(({ possible }) => possible)),
  };
}

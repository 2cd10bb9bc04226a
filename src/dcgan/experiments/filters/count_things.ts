import type { DrawnSamples } from "./drawn_samples.ts";
import type { Locator } from "./locator.ts";

/** How often a thing is seen in samples. */
export interface SeenThings {
  /** Share of the samples with the thing. */
  readonly before: number;
  /** The same once the maps were dropped. */
  readonly after: number;
  /** The same with as many maps dropped at random. */
  readonly random: number;
  /** Share of all other labels of the samples that stay the same once the maps were dropped. */
  readonly othersKept: number;
  /** The same with as many maps dropped at random. */
  readonly othersKeptRandom: number;
}

/** Counts the thing in samples as they are, without the maps, and without random ones. */
export async function countThings(
  generator: DrawnSamples,
  locator: Locator,
  { count, seed, kept, random }: {
    readonly count: number;
    readonly seed: number;
    readonly kept: readonly number[];
    readonly random: readonly number[];
  },
): Promise<SeenThings> {
  const [before, after, control] = [
    generator.draw(seed, count),
    generator.draw(seed, count, kept),
    generator.draw(seed, count, random),
  ];
  const there = [0, 0, 0];
  const same = [0, 0];
  let others = 0;
  for await (const bytes of before) {
    const own = await locator.look(bytes);
    const changed = await locator.look((await after.next()).value!);
    const shuffled = await locator.look((await control.next()).value!);
    for (const [at, seen] of [own, changed, shuffled].entries()) {
      there[at]! += seen.isThere.filter((one) => one).length;
    }
    for (const [label, classes] of own.classes.entries()) {
      if (locator.labels[label] === locator.thing.label) continue;
      others += classes.length;
      for (const [at, seen] of [changed, shuffled].entries()) {
        same[at]! += classes.filter((one, i) => one === seen.classes[label]![i]).length;
      }
    }
  }
  return {
    before: there[0]! / count,
    after: there[1]! / count,
    random: there[2]! / count,
    othersKept: others === 0 ? 1 : same[0]! / others,
    othersKeptRandom: others === 0 ? 1 : same[1]! / others,
  };
}

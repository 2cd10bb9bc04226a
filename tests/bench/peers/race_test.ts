import { assertEquals } from "@std/assert";
import { type Contender, OURS, oursBeside, PEERS, pytorchOn } from "../../../bench/peers/contenders.ts";
import { race, type Racer } from "../../../bench/peers/race.ts";

const TURNS = { name: "S training", command: "train", images: 10, rounds: 3 } as const;

/** Takes the same for each step but in the second round, in which the machine is half as fast; counts steps. */
function racer(contender: Contender, milliseconds: number): Racer & { steps: number[] } {
  const steps: number[] = [];
  return {
    contender,
    steps,
    ask: (_, count = 1) => {
      steps.push(count);
      const slowdown = steps.length === 3 ? 2 : 1;
      return Promise.resolve({ milliseconds: milliseconds * count * slowdown, parameters: 1, losses: [] });
    },
  };
}

Deno.test("race() compares each peer with ours on as many threads, within each round", async () => {
  const [first, last] = pytorchOn(1);
  const racers = [racer(OURS, 10), racer(PEERS[1]!, 50), racer(oursBeside(first!), 20), racer(last!, 5)];
  const { placings } = await race(racers, { ...TURNS, seconds: 1 });
  assertEquals(placings.map(({ contender }) => contender), racers.map(({ contender }) => contender.name));
  assertEquals(placings.map(({ oursIsFasterBy }) => oursIsFasterBy?.median), [undefined, 5, undefined, 0.25]);
  assertEquals(placings[1]!.oursIsFasterBy, { median: 5, min: 5, max: 5 });
  assertEquals(placings[0]!.imagesPerSecond, { median: 1000, min: 500, max: 1000 });
  // One step to find out how many fill a second, then as many in each round.
  assertEquals(racers.map(({ steps }) => steps), [100, 20, 50, 200].map((full) => [1, full, full, full]));
});

Deno.test("race() marks the slower way to run one library", async () => {
  const [first, last] = pytorchOn(1);
  const racers = [racer(oursBeside(first!), 20), racer(first!, 30), racer(last!, 25)];
  const { placings } = await race(racers, { ...TURNS, seconds: 0 });
  assertEquals(placings.map(({ slowerWay }) => slowerWay), [false, true, false]);
});

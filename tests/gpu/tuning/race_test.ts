import { assertEquals } from "@std/assert";
import type { Program } from "../../../src/gpu/mod.ts";
import { WINOGRAD_VARIANTS } from "../../../src/gpu/contraction/variants/variant.ts";
import type { Entrant } from "../../../src/gpu/tuning/entrants.ts";
import { heat, leastTime, plan, race } from "../../../src/gpu/tuning/race.ts";
import type { Timed, VariantTimer } from "../../../src/gpu/tuning/variant_timer.ts";

/** Entrants that take so many milliseconds, and a timer that knows it. */
function entrantsOf(...milliseconds: number[]) {
  const disposed: number[] = [];
  const asked: (readonly Timed[])[] = [];
  const programs = milliseconds.map((_, i) => ({
    [Symbol.dispose]: () => void disposed.push(i),
  } as unknown as Program));
  const entrants = programs.map((program): Entrant => ({
    variant: WINOGRAD_VARIANTS[0]!,
    program,
    runs: 1,
    times: [],
  }));
  const timer: VariantTimer = {
    time: (entries) => {
      asked.push(entries);
      return Promise.resolve(entries.map(({ program }) => milliseconds[programs.indexOf(program)]!));
    },
  };
  const order = () => asked.map((entries) => entries.map(({ program }) => programs.indexOf(program)));
  return { entrants, timer, disposed, order };
}

Deno.test("plan() fills five milliseconds on a card, and one on a processor, in a number of runs", async () => {
  const { entrants, timer } = entrantsOf(0, 0.02, 0.4, 5, 90);
  await plan(timer, entrants, false);
  assertEquals(entrants.map(({ runs }) => runs), [256, 250, 13, 1, 1]);
  await plan(timer, entrants, true);
  assertEquals(entrants.map(({ runs }) => runs), [256, 50, 3, 1, 1]);
});

Deno.test("heat() gives the fastest of one measurement", async () => {
  const { entrants, timer, order } = entrantsOf(3, 1, 2);
  assertEquals(await heat(timer, entrants), entrants[1]);
  assertEquals(order(), [[0, 1, 2]]);
});

/** A timer that gives these times to the second entrant, round by round. */
function disturbing(timer: VariantTimer, ...times: number[]): VariantTimer {
  return {
    time: async (entries) => {
      const found = await timer.time(entries);
      const time = times.shift();
      return found.map((milliseconds) => milliseconds === 0.9 ? time ?? milliseconds : milliseconds);
    },
  };
}

Deno.test("race() goes by the least time, and on until it is seen twice", async () => {
  const { entrants, timer, order } = entrantsOf(1, 0.9);
  const left = await race(disturbing(timer, 1.3, 1.2, 0.9, 1.3, 1.3, 1.3, 0.92), entrants, entrants[0]);
  assertEquals(left.map(leastTime), [1, 0.9]);
  assertEquals(order().length, 7);
});

Deno.test("race() ends where times never agree, and at once where there is nothing to be sure of", async () => {
  const { entrants, timer, order } = entrantsOf(1, 0.9);
  const times = Array.from({ length: 20 }, (_, i) => 0.95 ** i);
  await race(disturbing(timer, ...times), entrants, undefined);
  assertEquals(order().length, 15);
  const others = entrantsOf(2, 0.9);
  await race(disturbing(others.timer, 0.8, 0.9, 0.9, 0.9, 0.8), others.entrants, others.entrants[0]);
  assertEquals(others.order().length, 5, "the default is far behind");
});

Deno.test("race() times all in turns, and goes on with those that may win, and the default", async () => {
  const { entrants, timer, disposed, order } = entrantsOf(9, 1, 1.05, 1.5, 2);
  const left = await race(timer, entrants, entrants[0]);
  assertEquals(left, [entrants[0]!, entrants[1]!, entrants[2]!]);
  assertEquals(left.map(({ times }) => times.length), [5, 5, 5]);
  assertEquals(disposed, [4, 3]);
  assertEquals(order(), [[0, 1, 2, 3, 4], [1, 2, 3, 0], [2, 0, 1], [0, 1, 2], [1, 2, 0]]);
});

import { assert, assertEquals } from "@std/assert";
import type { Program } from "../../../src/gpu/mod.ts";
import { warmUp } from "../../../src/gpu/tuning/warm_up.ts";
import type { VariantTimer } from "../../../src/gpu/tuning/variant_timer.ts";

/** Milliseconds of work that a card is given whose runs take so long after as much work, in all and at most at once. */
async function workOf(milliseconds: (spent: number) => number): Promise<{ spent: number; longest: number }> {
  let [spent, longest] = [0, 0];
  const timer: VariantTimer = {
    time: ([entry]) => {
      const { runs } = entry!;
      const time = milliseconds(spent);
      spent += time * runs;
      longest = Math.max(longest, time * runs);
      return Promise.resolve([time]);
    },
  };
  await warmUp(timer, {} as Program);
  return { spent, longest };
}

Deno.test("warmUp() ends when times agree, but not at once", async () => {
  const { spent, longest } = await workOf(() => 0.5);
  assert(spent >= 100 && spent < 130, `${spent} ms`);
  assert(longest <= 20, `${longest} ms`);
});

Deno.test("warmUp() goes on while a card becomes faster", async () => {
  const { spent } = await workOf((spent) => spent < 250 ? 2 - spent / 200 : 0.6);
  assert(spent > 280 && spent < 400, `${spent} ms`);
});

Deno.test("warmUp() gives up where times never agree, or no time goes by", async () => {
  let turn = 0;
  const { spent } = await workOf(() => turn++ % 2 === 0 ? 1 : 2);
  assert(spent >= 500 && spent < 550, `${spent} ms`);
  assertEquals((await workOf(() => 0)).spent, 0);
});

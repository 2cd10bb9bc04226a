import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { compareApart } from "../../../src/dcgan/scores/apart/compare_apart.ts";
import { distanceWithin } from "../../../src/dcgan/scores/pictures.ts";
import type { Features } from "../../../src/dcgan/scores/metrics/features.ts";
import { nearestPictures } from "../../../src/dcgan/scores/metrics/nearest.ts";
import { randomValues } from "../../support/random.ts";

const COUNT = 3000;
const DIMENSIONS = 120;

/** Rows that take seconds to compare with each other. */
const many: Features = {
  data: Float32Array.from(randomValues(COUNT * DIMENSIONS, 1, [-1, 1])),
  count: COUNT,
  dimensions: DIMENSIONS,
};

/** Longest time, in milliseconds, that nothing else had a turn while something went on. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  let [last, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    clearInterval(timer);
  }
  return longest;
}

Deno.test("compareApart() finds the same as here, and lets others have a turn meanwhile", async () => {
  const started = performance.now();
  const here = distanceWithin(many, COUNT);
  const took = performance.now() - started;
  let there = 0;
  const pause = await longestPause(async () => {
    there = await compareApart("distanceWithin", [many, COUNT], undefined);
  });
  assertEquals(there, here);
  assert(pause < took / 2, `nothing had a turn for ${pause} ms of ${took}`);
});

Deno.test("compareApart() ends at once when its signal aborts, with its reason", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  const found = await assertRejects(() => compareApart("distanceWithin", [many, COUNT], controller.signal))
    .catch((error) => error);
  assert(found === reason);
  const again = await assertRejects(() => compareApart("distanceWithin", [many, 1], controller.signal));
  assert(again === reason);
});

Deno.test("compareApart() throws what the comparison throws", async () => {
  const bad = { ...many, data: new Float32Array(COUNT * DIMENSIONS).fill(NaN) };
  const error = await assertRejects(
    () => compareApart("nearestPictures", [bad, many], undefined),
    RangeError,
  );
  assert(error.message.includes("must be finite"), error.message);
});

Deno.test("compareApart() compares here what no thread can be sent", async () => {
  const few = { data: Float32Array.of(0, 1, 3), count: 3, dimensions: 1 };
  for (const data of [few.data, new Float32Array(2 ** 19).fill(1)]) {
    const set = { ...few, data, count: data.length, note: () => {} };
    const probes = { ...few, note: () => {} };
    assertEquals(
      await compareApart("nearestPictures", [probes, set], undefined),
      nearestPictures(probes, set),
    );
  }
});

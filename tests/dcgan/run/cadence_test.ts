import { assert, assertEquals } from "@std/assert";
import { multipleAfter, nextSamples, nextSnapshot, Schedule } from "../../../src/dcgan/run/cadence.ts";

/** All steps after which a run draws samples, its last one aside. */
function dueIn(steps: number, every?: number): number[] {
  const due: number[] = [];
  for (let at = nextSamples(0, steps, every); at < steps; at = nextSamples(at, steps, every)) due.push(at);
  return due;
}

Deno.test("nextSamples() begins at once, and then gives about twenty pictures over any run", () => {
  assertEquals(dueIn(63).slice(0, 4), [1, 4, 8, 12]);
  assertEquals(dueIn(1000).slice(0, 5), [1, 4, 16, 50, 100]);
  assertEquals(dueIn(100_000).slice(0, 8), [1, 4, 16, 64, 256, 1024, 4096, 5000]);
  for (const steps of [40, 63, 250, 1000, 6000, 123_457, 5_000_000, 2 ** 31 - 1]) {
    const { length } = dueIn(steps);
    assert(length >= 15 && length <= 36, `${length} pictures in ${steps} steps`);
  }
  assertEquals(dueIn(1), []);
  assertEquals(dueIn(3), [1, 2]);
});

Deno.test("nextSamples() keeps to the number of steps that is asked for", () => {
  assertEquals(dueIn(10, 3), [3, 6, 9]);
  assertEquals(dueIn(10, 0), []);
  assertEquals(dueIn(10, 100), []);
});

Deno.test("nextSnapshot() gives as many as are asked for over a run, the last at its end", () => {
  for (const [steps, count] of [[12, 4], [1000, 32], [7, 3], [3, 32], [123_457, 256]] as const) {
    const due: number[] = [];
    for (let at = nextSnapshot(0, steps, count); at <= steps; at = nextSnapshot(at, steps, count)) {
      due.push(at);
    }
    assertEquals([due.length, due.at(-1)], [Math.min(steps, count), steps]);
    const gaps = due.map((step, i) => step - (due[i - 1] ?? 0));
    assert(Math.max(...gaps) - Math.min(...gaps) <= 1, `${steps} ${count}`);
  }
});

Deno.test("nextSamples() is the same wherever a run is resumed", () => {
  for (const every of [undefined, 7]) {
    const all = dueIn(300, every);
    for (let done = 0; done < 300; done++) {
      const next = all.find((step) => step > done);
      if (next !== undefined) assertEquals(nextSamples(done, 300, every), next);
    }
  }
});

Deno.test("multipleAfter() is the next multiple, never the number itself", () => {
  assertEquals([multipleAfter(0, 5), multipleAfter(4, 5), multipleAfter(5, 5)], [5, 5, 10]);
});

Deno.test("Schedule says after which steps samples and checkpoints are due", () => {
  const schedule = new Schedule({
    steps: 10,
    sampleEvery: 4,
    checkpointEvery: 3,
    scoreEvery: 0,
    emaSnapshots: 0,
  });
  const due: string[] = [];
  for (let step = schedule.next(0); step < 10; step = schedule.next(step)) {
    due.push(`${step}${schedule.hasSamples(step) ? "s" : ""}${schedule.hasCheckpoint(step) ? "c" : ""}`);
  }
  assertEquals(due, ["3c", "4s", "6c", "8s", "9c"]);
  assertEquals(schedule.next(9), 10);
  const scored = new Schedule({
    steps: 10,
    sampleEvery: 0,
    checkpointEvery: 0,
    scoreEvery: 4,
    emaSnapshots: 0,
  });
  assertEquals([scored.next(0), scored.hasScore(4), scored.hasScore(5)], [4, true, false]);
  assertEquals(
    new Schedule({ steps: 10, sampleEvery: 0, checkpointEvery: 0, scoreEvery: 0, emaSnapshots: 0 }).next(0),
    10,
  );
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import { depthFor, ReadAhead } from "../../../src/dcgan/batches/read_ahead.ts";

/** Lets everything run that waits for nothing but its turn. */
const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

Deno.test("ReadAhead makes things one by one, in order, and no more than its depth ahead", async () => {
  const made: number[] = [];
  let atOnce = 0;
  using ahead = new ReadAhead(async (step) => {
    assertEquals(++atOnce, 1);
    await turns();
    atOnce--;
    made.push(step);
    return step * 10;
  }, 3);
  await turns();
  assertEquals(made, []);
  for (let step = 5; step < 9; step++) assertEquals(await ahead.take(step), step * 10);
  for (let i = 0; i < 10; i++) await turns();
  assertEquals(made, [5, 6, 7, 8, 9, 10, 11]);
});

Deno.test("ReadAhead begins anew where steps do not follow each other", async () => {
  using ahead = new ReadAhead((step) => Promise.resolve(step), 4);
  for (const step of [0, 1, 100, 101, 3, 3]) assertEquals(await ahead.take(step), step);
});

Deno.test("ReadAhead keeps an error for the step that it is of", async () => {
  using ahead = new ReadAhead(
    (step) => step === 2 ? Promise.reject(new Error("two")) : Promise.resolve(step),
    4,
  );
  assertEquals([await ahead.take(0), await ahead.take(1)], [0, 1]);
  await turns();
  await assertRejects(() => ahead.take(2), Error, "two");
  assertEquals(await ahead.take(3), 3);
});

Deno.test("ReadAhead ends with its signal, even where what is being made never ends", async () => {
  const controller = new AbortController();
  const told: AbortSignal[] = [];
  using ahead = new ReadAhead(
    (_, signal) => {
      told.push(signal);
      return new Promise<number>(() => {});
    },
    2,
    controller.signal,
  );
  const waiting = ahead.take(0);
  await turns();
  controller.abort();
  const error = await waiting.catch((reason) => reason);
  assertEquals(error, controller.signal.reason);
  assert(told.length === 1 && told[0]!.aborted);
  assertEquals(await ahead.take(1).catch((reason) => reason), controller.signal.reason);
});

Deno.test("depthFor() bounds batches that wait, by their number and by their bytes", () => {
  assertEquals([1, 2 ** 20, 2 ** 21, 2 ** 23, 2 ** 30].map(depthFor), [16, 16, 16, 4, 2]);
});

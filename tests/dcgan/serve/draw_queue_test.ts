import { assertEquals, assertRejects } from "@std/assert";
import { DrawQueue, NotDrawnError } from "../../../src/dcgan/serve/draw_queue.ts";
import type { DrawingJob, JobResult } from "../../../src/dcgan/serve/drawing/drawing_job.ts";

/** A job of some pictures. */
function jobOf(count: number, format: "png" | "npy" = "png", seed = 1): DrawingJob {
  const rest = {
    seeds: undefined,
    classes: undefined,
    labels: undefined,
    truncation: undefined,
    scale: undefined,
  };
  return { type: "sample", format, seed, count, largest: 1, ...rest };
}

/** A queue, the batches that it has drawn, and what lets it draw the next. */
function makeQueue(options: Partial<{ batch: number; most: number; patience: number }> = {}) {
  const batches: number[][] = [];
  const waits: PromiseWithResolvers<void>[] = [];
  const queue = new DrawQueue(async (jobs): Promise<JobResult[]> => {
    batches.push(jobs.map(({ count }) => count));
    const wait = Promise.withResolvers<void>();
    waits.push(wait);
    await wait.promise;
    return jobs.map(({ count }) => ({ file: Uint8Array.of(count) }));
  }, { batch: 8, most: 20, patience: 60_000, ...options });
  const go = async () => {
    await turn();
    waits.shift()!.resolve();
    await turn();
  };
  return { queue, batches, go };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const never = new AbortController().signal;
const firstOf = async (result: Promise<JobResult>) => {
  const found = await result;
  return "file" in found ? found.file[0] : found.problem;
};

Deno.test("DrawQueue draws jobs that wait together, as many as fit, and those of one kind", async () => {
  const { queue, batches, go } = makeQueue();
  const add = (count: number, format?: "npy") => firstOf(queue.add(jobOf(count, format), never));
  const results = [add(4), add(2), add(1, "npy"), add(3), add(2), add(1)];
  await turn();
  assertEquals([queue.waiting, queue.drawingFor > 0], [1 + 3 + 1, true]);
  const single = add(9, undefined);
  for (let i = 0; i < 4; i++) await go();
  assertEquals(await Promise.all(results), [4, 2, 1, 3, 2, 1]);
  assertEquals(await single, 9);
  assertEquals(batches, [[4, 2, 2], [1], [3, 1], [9]]);
  assertEquals([queue.waiting, queue.drawingFor], [0, 0]);
});

Deno.test("DrawQueue refuses what is too much, and what waits too long", async () => {
  const { queue, go } = makeQueue({ patience: 60 });
  const first = assertRejects(() => queue.add(jobOf(64), never), NotDrawnError);
  await turn();
  const second = queue.add(jobOf(15), never);
  const full = await assertRejects(
    () => queue.add(jobOf(6), never),
    NotDrawnError,
    "15 pictures wait already",
  );
  assertEquals(full.kind, "full");
  const late = await assertRejects(() => second, NotDrawnError, "was not drawn in 0.06 seconds");
  assertEquals([late.kind, queue.waiting], ["late", 0]);
  // What is being drawn may hang
  await first;
  await go();
});

Deno.test("DrawQueue leaves out jobs that nobody waits for anymore", async () => {
  const { queue, batches, go } = makeQueue();
  const first = firstOf(queue.add(jobOf(8), never));
  await turn();
  const leaving = new AbortController();
  const left = queue.add(jobOf(3), leaving.signal);
  const stays = firstOf(queue.add(jobOf(2), never));
  leaving.abort();
  await assertRejects(() => left, NotDrawnError);
  await go();
  await go();
  assertEquals([await first, await stays, batches], [8, 2, [[8], [2]]]);
});

Deno.test("DrawQueue ends with what it draws, and refuses what waits", async () => {
  const { queue, go } = makeQueue();
  const first = firstOf(queue.add(jobOf(8), never));
  await turn();
  const waiting = queue.add(jobOf(1), never);
  const ended = queue.end();
  assertEquals((await assertRejects(() => waiting, NotDrawnError)).kind, "ending");
  assertEquals((await assertRejects(() => queue.add(jobOf(1), never), NotDrawnError)).kind, "ending");
  await go();
  await ended;
  assertEquals(await first, 8);
});

Deno.test("DrawQueue passes on why a batch failed, and goes on", async () => {
  let fails = true;
  const queue = new DrawQueue((jobs) => {
    if (fails) return Promise.reject(new Error("no device"));
    return Promise.resolve(jobs.map(() => ({ file: Uint8Array.of(1) })));
  }, { batch: 8, most: 8, patience: 1000 });
  await assertRejects(() => queue.add(jobOf(1), never), Error, "no device");
  fails = false;
  assertEquals(await firstOf(queue.add(jobOf(1), never)), 1);
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import { Pacer } from "../../../src/dcgan/report/pacer.ts";

Deno.test("Pacer pauses ten seconds, or 150 times what the work took, also if it failed", async () => {
  let now = 0;
  const pacer = new Pacer(() => now);
  const work = (milliseconds: number) => pacer.work(() => Promise.resolve(now += milliseconds));
  const isDueAt = (time: number) => [time - 1, time].map((at) => (now = at, pacer.isDue));
  assertEquals(isDueAt(10_000), [false, true]);
  assertEquals(await work(20), 10_020);
  assertEquals(isDueAt(10_020 + 10_000), [false, true]);
  await work(1000);
  assertEquals(isDueAt(21_020 + 150_000), [false, true]);
  await assertRejects(() => pacer.work(() => Promise.reject(new Error("full disk"))), Error, "full disk");
  assertEquals(isDueAt(171_020 + 10_000), [false, true]);
});

Deno.test("Pacer gives work less than a hundredth of the time", async () => {
  for (const each of [1, 60, 500, 20_000]) {
    let now = 0;
    let spent = 0;
    const pacer = new Pacer(() => now);
    while (now < 1e8) {
      if (pacer.isDue) await pacer.work(() => Promise.resolve(void (now += each, spent += each)));
      now += 100;
    }
    assert(spent > 0 && spent < 0.01 * now, `${spent} of ${now}`);
  }
});

import { assertEquals, assertRejects } from "@std/assert";
import { Latest } from "../../../../../src/dcgan/export/web/page/latest.ts";

Deno.test("Latest.do() does one thing at a time, and of those that wait the last one only", async () => {
  const latest = new Latest();
  const log: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = latest.do(async () => {
    log.push("begin 1");
    await promise;
    log.push("end 1");
  });
  for (const name of ["2", "3", "4"]) latest.do(() => Promise.resolve(void log.push(name)));
  resolve();
  await first;
  assertEquals(log, ["begin 1", "end 1", "4"]);
});

Deno.test("Latest.do() goes on after a failure", async () => {
  const latest = new Latest();
  await assertRejects(() => latest.do(() => Promise.reject(new Error("no"))), Error, "no");
  let isDone = false;
  await latest.do(() => Promise.resolve(void (isDone = true)));
  assertEquals(isDone, true);
});

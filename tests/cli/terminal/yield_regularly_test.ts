import { assert, assertRejects } from "@std/assert";
import { Turns } from "../../../src/cli/terminal/yield_regularly.ts";

Deno.test("Turns.give() lets timers run in work that waits for nothing else", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  const turns = new Turns(controller.signal);
  const started = performance.now();
  await assertRejects(async () => {
    while (performance.now() - started < 5000) await turns.give();
  }, DOMException);
  assert(performance.now() - started < 2000);
});

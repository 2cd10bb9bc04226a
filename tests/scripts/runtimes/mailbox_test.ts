import { assertEquals, assertRejects } from "@std/assert";
import { Mailbox } from "../../../scripts/runtimes/mailbox.ts";

Deno.test("Mailbox gives texts in order, before and after they are waited for", async () => {
  const box = new Mailbox();
  box.put("a");
  const waited = [box.take(), box.take(), box.take(10)];
  box.put("b");
  box.put("c");
  assertEquals(await Promise.all(waited), ["a", "b", "c"]);
  await assertRejects(() => box.take(0.01), Error, "Nothing was said for 0.01 seconds");
  box.put("d");
  assertEquals(await box.take(), "d", "who gave up waiting takes nothing");
  const last = box.take();
  box.close();
  box.put("e");
  assertEquals([await last, await box.take()], [undefined, undefined]);
});

import { assertEquals } from "@std/assert";
import { memoryHost } from "../../src/host/browser.ts";
import { promises } from "./host_contract.ts";

for (const [promise, check] of Object.entries(promises)) {
  Deno.test(`memoryHost() ${promise}`, async () => {
    const host = memoryHost();
    await host.mkdir("/folder");
    await check(host, "/folder");
  });
}

Deno.test("memoryHost() has files of its own, from the root on", async () => {
  const [one, other] = [memoryHost(), memoryHost()];
  await one.writeTextFile("a", "text");
  assertEquals(await one.readTextFile("/b/../a"), "text");
  assertEquals(await other.stat("/a").catch((error) => other.problemOf(error)), "NotFound");
  assertEquals([one.path.resolve("runs/x"), one.cwd()], ["/runs/x", "/"]);
  const url = one.toFileUrl("/runs/1 %/a");
  assertEquals([url.href, one.fromFileUrl(url)], ["file:///runs/1%20%25/a", "/runs/1 %/a"]);
});

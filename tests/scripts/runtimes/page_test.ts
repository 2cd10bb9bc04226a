import { assertEquals, assertRejects } from "@std/assert";
import { findBrowser } from "../../../scripts/runtimes/browsers.ts";
import { BrowserPage } from "../../../scripts/runtimes/page.ts";
import { withFolder } from "../../support/temp_folder.ts";

const missing = findBrowser("chromium") === undefined;

/** A test of pages in Chromium, if this machine has one. */
function pageTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: missing ? `${name} (skipped: this machine has no Chromium)` : name,
    ignore: missing,
    fn,
    // The browser's pipes close in their own time
    sanitizeOps: false,
    sanitizeResources: false,
  });
}

pageTest("BrowserPage sends texts and files, and hears what the page says", async () => {
  await withFolder(async (files) => {
    await Deno.writeTextFile(`${files}/a.txt`, "a file");
    const bundle = `export async function main({ ask, say }) {
      for (let text = await ask(); text !== undefined; text = await ask()) await say(text.toUpperCase());
      await say(await (await fetch("/files/a.txt")).text());
      await say(String((await fetch("/files/..%2Fsecret")).status));
    }`;
    await using page = await BrowserPage.open("chromium", { bundle, files });
    page.send("one");
    page.send("two");
    assertEquals([await page.hear(60), await page.hear(60)], ["ONE", "TWO"]);
    page.end();
    assertEquals([await page.hear(60), await page.hear(60)], ["a file", "404"]);
    await assertRejects(() => page.hear(0.1), Error, "Nothing was said for 0.1 seconds");
  });
});

pageTest("BrowserPage says what a page throws", async () => {
  await using page = await BrowserPage.open("chromium", {
    bundle: "export function main() { throw new RangeError('too far'); }",
  });
  assertEquals(JSON.parse(await page.hear(60) ?? ""), { type: "error", message: "RangeError: too far" });
});

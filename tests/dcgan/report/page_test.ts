import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { jsonInHtml, pageOf, waitingPage } from "../../../src/dcgan/report/page.ts";
import { type Report, reportOf } from "../../../src/dcgan/report/report.ts";
import { RunReader } from "../../../src/dcgan/report/run_reader.ts";
import { withFolder } from "../tiny.ts";
import { makeRun } from "./run_folders.ts";

/** Names that would be markup if they were not text. */
const NASTY = `</script><script>alert(1)</script><!--<img src="x" onerror='alert(2)'>&amp;`;

async function nastyReport(): Promise<Report> {
  let report: Report;
  await withFolder(async (folder) => {
    const config = { data: NASTY, conditional: "label", classes: [NASTY, "plain"], dataRoot: NASTY };
    await makeRun(`${folder}/run`, { config, grids: [1], real: true });
    report = await reportOf(await new RunReader(`${folder}/run`).read(), true);
  });
  return report!;
}

Deno.test("pageOf() keeps what a run says from becoming markup", async () => {
  const report = await nastyReport();
  const page = await pageOf(report);
  assert(!page.includes("<script>alert") && !page.includes("<img src=") && !page.includes("<!--<"));
  assertEquals(page.match(/<script/g)?.length, 2);
  assertEquals(page.match(/<\/script>/g)?.length, 2);
  assertMatch(page, /<title>&lt;\/script&gt;&lt;script&gt;alert/);
  const [, json] = /<script type="application\/json" id="report">(.*)<\/script>/.exec(page)!;
  assertEquals(JSON.parse(json!), JSON.parse(JSON.stringify(report)));
});

Deno.test("pageOf() allows its own script and style, and nothing from elsewhere", async () => {
  const page = await pageOf(await nastyReport());
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)!;
  const [, style] = /<style>([\s\S]*)<\/style>/.exec(page)!;
  const [, script] = /<script>([\s\S]*)<\/script>/.exec(page)!;
  const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  assertEquals(policy!.split("; "), [
    "default-src 'none'",
    "img-src data:",
    `style-src ${hashOf(style!)}`,
    `script-src ${hashOf(script!)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  const withoutScript = page.replace(script!, "");
  assertEquals(withoutScript.match(/(?:src|href)="(?!data:)[^"]*"|url\(|@import/), null);
});

Deno.test("pageOf() lets a live page ask the server that it came from", async () => {
  const page = await pageOf(await nastyReport(), { live: true });
  assertMatch(page, /<html lang="en" data-live>/);
  assertMatch(page, /img-src 'self' data:; .*connect-src 'self'/);
  assertMatch(waitingPage(), /has not begun/);
});

Deno.test("jsonInHtml() is JSON without the start of a tag", () => {
  const text = jsonInHtml([NASTY]);
  assert(!text.includes("<"));
  assertEquals(JSON.parse(text), [NASTY]);
});

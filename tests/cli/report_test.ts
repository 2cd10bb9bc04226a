import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../src/cli/main.ts";
import { problemsOf } from "./json/validator.ts";
import { makeRun } from "../dcgan/report/run_folders.ts";
import { end, noCtrlC, start, TINY, withFolder } from "./cli_process.ts";
import { fakeTerminal } from "./terminal.ts";

async function call(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(args, terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

Deno.test("report writes the page of a run, and no file over another unless told to", async () => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await makeRun(run);
    assertEquals(await call("report", run), {
      code: 0,
      output: `report of ${run}: ${run}/report.html\n`,
      errors: "",
    });
    const out = `${folder}/page.html`;
    assertEquals((await call("report", run, "--out", out)).code, 0);
    const again = await call("report", run, "--out", out);
    assertEquals(again.code, 2);
    assertStringIncludes(again.errors, "which already exists");
    assertEquals((await call("report", run, "--out", out, "--overwrite")).code, 0);
    const none = await call("report", folder);
    assertEquals(none.code, 1);
    assertStringIncludes(none.errors, "is not a run folder but holds runs");
  });
});

Deno.test("train refuses a port without a page, and watch a folder without a run", async () => {
  const { code, errors } = await call("train", "--port", "80");
  assertEquals([code, errors.split("\n")[0]], [2, "error: --port needs --watch, which shows a page there"]);
  assertEquals((await call("watch", "/nowhere")).code, 1);
  assertEquals((await call("train", "--watch", "--port", "70000")).code, 2);
});

Deno.test("watch shows a run until Ctrl-C", { ignore: noCtrlC }, async () => {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/run`);
    const child = start(`watch ${folder}/run --json`);
    let asked = false;
    const { code, output, errors } = await end(child, (output) => {
      const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(output) ?? [];
      if (asked || url === undefined) return;
      asked = true;
      fetch(url).then(async (response) => {
        assertMatch(await response.text(), /data-live/);
        child.kill("SIGINT");
      });
    });
    assertEquals([code, errors, asked], [0, "", true]);
    const document = JSON.parse(output);
    assertEquals([document.type, document.run, problemsOf(document)], ["page", `${folder}/run`, []]);
  });
});

Deno.test("train --watch serves the run while it trains, and ends with it", async () => {
  await withFolder(async (folder) => {
    const child = start(`train ${TINY} --steps 30 --watch --out ${folder}/run`);
    let page: Promise<Response> | undefined;
    const { code, output, errors } = await end(child, (output) => {
      const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(output) ?? [];
      if (url !== undefined && output.includes("step 1:")) page ??= fetch(`${url}events`);
    });
    assertEquals([code, errors], [0, ""]);
    assertMatch(output, /^Watch it: http/);
    assertStringIncludes(output, `See how it went: ${folder}/run/report.html`);
    const events = await (await page!).text();
    assertMatch(events, /^event: report\ndata: \{/);
    assertMatch(events, /event: end\ndata: \{.*"step":30,/);
  });
});

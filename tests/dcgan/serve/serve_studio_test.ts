import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { main } from "../../../src/cli/main.ts";
import { serveStudio, startStudioServer } from "../../../src/dcgan/serve/serve_studio.ts";
import { STUDIO_PAGE, studioPage } from "../../../src/dcgan/serve/studio_page.ts";
import { CLI, end, noCtrlC } from "../../cli/cli_process.ts";
import { problemsOf } from "../../cli/json/validator.ts";
import { fakeTerminal } from "../../cli/terminal.ts";

/** Whether the page is built here; the gate and the packages build it. */
const isBuilt = await studioPage() !== undefined;

/** Runs the command until it says where the page is, asks for it, and ends it. */
async function asked(permissions: readonly string[], ...flags: string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...permissions, CLI, "studio", "--port", "0", ...flags],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const found = Promise.withResolvers<string>();
  const ended = end(child, (output) => {
    const [url] = /http:\/\/[^"/]+:\d+\//.exec(output) ?? [];
    if (url !== undefined) found.resolve(url);
  });
  ended.then(({ errors }) => found.reject(new Error(errors)));
  const url = await found.promise;
  const page = await fetch(url);
  const answers = { status: page.status, type: page.headers.get("content-type"), text: await page.text() };
  const elsewhere = await fetch(`${url}sample`);
  await elsewhere.body?.cancel();
  child.kill("SIGTERM");
  return { ...answers, elsewhere: elsewhere.status, ...await ended };
}

Deno.test(
  "studio serves the page with the permissions that docs/permissions.md states, and ends at SIGTERM",
  {
    ignore: noCtrlC || !isBuilt,
  },
  async () => {
    const doc = await Deno.readTextFile(new URL("../../../docs/permissions.md", import.meta.url));
    const [, stated = ""] = /`studio` needs `([^`]+)`/.exec(doc.replaceAll("\n", " ")) ?? [];
    assertEquals(stated, "--allow-net=127.0.0.1");
    // In a clone, the page is one more file that is read
    const own = `--allow-read=${fileURLToPath(new URL("./", STUDIO_PAGE))}`;
    for (const few of [[stated], [own]]) {
      await assertRejects(
        () => asked(few),
        Error,
        /allow-(read|net)/.exec(few[0]!)![1] === "net" ? "read" : "net",
      );
    }
    const { status, type, text, elsewhere, code, output, errors } = await asked([stated, own]);
    assertEquals([status, type, elsewhere, code, errors], [200, "text/html; charset=utf-8", 404, 0, ""]);
    assertStringIncludes(text, "<title>DCGAN studio</title>");
    assertMatch(output, /^The studio is at http:\/\/127\.0\.0\.1:\d+\/ \(Ctrl-C to stop\)\n$/);
  },
);

Deno.test("studio gives one document with --json, and says what a page beyond this machine needs", {
  ignore: noCtrlC || !isBuilt,
}, async () => {
  const { code, output, errors } = await asked(["-A"], "--host", "0.0.0.0", "--json");
  const document = JSON.parse(output);
  assertEquals([code, document.type, problemsOf(document)], [0, "server", []]);
  assertEquals(document.run, undefined);
  assertMatch(document.warnings[0], /^Everybody who can reach this machine at 0\.0\.0\.0 can open this page/);
  assertStringIncludes(errors, `warning: ${document.warnings[0]}\n`);
});

Deno.test("studio refuses what it cannot serve", async () => {
  const terminal = fakeTerminal();
  assertEquals(await main(["studio", "--port", "70000"], terminal), 2);
  assertStringIncludes(terminal.errors(), "It must be a whole number from 0 to 65535");
  const other = fakeTerminal();
  assertEquals(await main(["studio", "runs/faces"], other), 2);
  assert(other.errors().includes("too many arguments"), other.errors());
});

Deno.test("startStudioServer() serves a page as it is, and only if a client lacks it", async () => {
  const { url, end } = await startStudioServer("<p>the studio</p>", "127.0.0.1", 0);
  try {
    const first = await fetch(url);
    assertEquals(await first.text(), "<p>the studio</p>");
    assertEquals(first.headers.get("content-security-policy"), "frame-ancestors 'none'");
    const again = await fetch(url, { headers: { "if-none-match": first.headers.get("etag")! } });
    assertEquals([again.status, await again.text()], [304, ""]);
  } finally {
    await end(0);
  }
});

Deno.test("serveStudio() refuses options that are not allowed", async () => {
  await assertRejects(() => serveStudio({ port: 1.5 }), RangeError, '"port" must be a whole number');
  await assertRejects(() => serveStudio({ cors: "*" } as object), TypeError, "'cors'");
});

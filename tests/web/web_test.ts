import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { host } from "../../src/host/host.ts";
import { decodePicture, encodePng } from "../../src/pictures/mod.ts";
import { NO_BROWSER, PATIENCE, sharedBrowser } from "../browser/shared_browser.ts";
import { jpeg, ramp } from "../pictures/files.ts";
import { withFolder } from "../support/temp_folder.ts";
import { outcome } from "./outcome.ts";
import type * as InPage from "./page.ts";

/** Bundles what runs in the page. */
async function bundle(folder: string): Promise<string> {
  const out = `${folder}/page.js`;
  const entry = new URL("./page.ts", import.meta.url).pathname;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", "--format", "esm", "-o", out, entry],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals([success, success ? "" : new TextDecoder().decode(stderr)], [true, ""]);
  return out;
}

/** Opens a page that has the functions of a bundle, over HTTP from this machine, as WebGPU wants it. */
async function withPage(body: (page: Page, code: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const code = await Deno.readTextFile(await bundle(folder));
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) =>
        new URL(request.url).pathname === "/page.js"
          ? new Response(code, { headers: { "Content-Type": "text/javascript" } })
          : new Response("<!doctype html><title>test</title>", { headers: { "Content-Type": "text/html" } }),
    );
    const page = await (await sharedBrowser("--enable-unsafe-webgpu")).newPage();
    page.setDefaultTimeout(PATIENCE);
    try {
      await page.goto(`http://127.0.0.1:${server.addr.port}/`);
      await body(page, code);
    } finally {
      await page.close();
    }
  });
}

/** Calls a function of the bundle in the page. */
function call<K extends keyof typeof InPage>(
  page: Page,
  name: K,
  ...args: Parameters<typeof InPage[K]>
): Promise<Awaited<ReturnType<typeof InPage[K]>>> {
  return page.evaluate(`import("/page.js").then((page) => page.${name}(...${JSON.stringify(args)}))`);
}

Deno.test({
  name: `web.ts trains in a page${NO_BROWSER}`,
  ignore: NO_BROWSER !== "",
  // The browser's pipes close in their own time
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await withPage(async (page, code) => {
      await t.step("nothing of Deno's or Node's is there, nor asked for", async () => {
        assertEquals(await call(page, "foreign"), []);
        assertEquals(code.match(/^(?:import\b|export\b.*\bfrom\b).*$/gm), null);
      });
      await t.step("files in memory and in the private file system keep the host's promises", async () => {
        assertEquals(await call(page, "brokenPromises", "memory"), []);
        assertEquals(await call(page, "brokenPromises", "private"), []);
      });
      await t.step("pictures have the same bytes as in Deno", async () => {
        const file = await jpeg(ramp(37, 23));
        const picture = await decodePicture(file);
        const sum = (bytes: Uint8Array) => host().sha256().update(bytes).digest("hex");
        assertEquals(await call(page, "pictureSums", file.toBase64()), [
          sum(picture.data),
          sum(await encodePng(picture)),
        ]);
      });
      await t.step("the doctor knows the browser", async () => {
        const { runtime, failed } = await call(page, "doctor") as { runtime: string; failed: unknown[] };
        assertMatch(runtime, /^Chrome \d+, browser$/);
        assertEquals(failed, []);
      });
      await t.step("train() learns pictures in a folder in memory", async () => {
        const file = await jpeg(ramp(37, 23));
        assertEquals(await call(page, "trainOnPictures", file.toBase64()), [
          6,
          "Skipped 6.jpg: The file is a text file, not a picture; use JPEG, PNG, GIF, BMP or WebP",
          "There are no scores, as the dataset has only 6 images",
        ]);
      });
      await t.step("train() resumes to the byte, with files in memory", async () => {
        assertEquals(await call(page, "trainIn", "memory"), outcome);
      });
      await t.step("train() resumes to the byte, with files in the private file system", async () => {
        assertEquals(await call(page, "trainIn", "private"), outcome);
      });
    });
  },
});

/** The page of an exported generator, in a browser. `deno task test` builds its script; by hand, `deno task web-page` does. */
import { pathToFileURL } from "node:url";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { exportRun } from "../../../../src/dcgan/export/export_run.ts";
import { sample } from "../../../../src/dcgan/sample.ts";
import { decodePicture, toRgba } from "../../../../src/pictures/mod.ts";
import { sharedDevice } from "../../../support/gpu.ts";
import { withFolder } from "../../../support/temp_folder.ts";
import { browserTest } from "../../report/page/browser.ts";
import { KINDS, makeCase } from "../kinds.ts";

const PAGE = new URL("../../../../src/dcgan/export/web/page/main.ts", import.meta.url);

Deno.test("the page has every element that its script looks for", async () => {
  const source = (name: string) => Deno.readTextFile(new URL(name, PAGE));
  const [script, html] = [await source("main.ts"), await source("index.html")];
  const ids = [...script.matchAll(/(?:byId|onClick)\("([^"]+)"/g)].map(([, id]) => id!);
  assert(ids.length > 15, `found ${ids.length}`);
  assertEquals(ids.filter((id) => !html.includes(`id="${id}"`)), []);
});

/** Exports a generator of a kind as a page, and returns its checkpoint and the page's folder. */
async function exportPage(folder: string, kind: string): Promise<{ checkpoint: string; site: string }> {
  const { checkpoint } = await makeCase(await sharedDevice(), KINDS[kind]!, folder);
  const site = `${folder}/site`;
  await exportRun(checkpoint, { format: "web", out: site });
  return { checkpoint, site };
}

/** Serves a folder as any server of files does. */
function serveFolder(folder: string, change = (_: string, bytes: Uint8Array<ArrayBuffer>) => bytes) {
  const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const name = new URL(request.url).pathname.slice(1) || "index.html";
    const type = types[name.split(".").at(-1)!] ?? "application/octet-stream";
    const bytes = await Deno.readFile(`${folder}/${name}`);
    return new Response(change(name, bytes), { headers: { "Content-Type": type } });
  });
}

/** Waits until the page has drawn, and says nothing more. */
async function drawn(page: Page): Promise<void> {
  await page.locator("#images canvas").first().waitFor();
  await page.locator("#status:empty").waitFor({ state: "attached" });
}

/** Red, green, blue and alpha of the pixels of a canvas. */
async function pixelsOf(page: Page, selector: string, at = 0): Promise<number[]> {
  return await page.locator(selector).nth(at).evaluate((node) => {
    // deno-lint-ignore no-explicit-any
    const canvas = node as any;
    return Array.from(
      canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data,
    ) as number[];
  });
}

/** Tries until a change has come. */
async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} never came`);
}

for (const kind of ["plain", "projected, nearest", "classes"]) {
  browserTest(`webFiles() makes a page that draws what sample() draws: ${kind}`, async (open) => {
    await withFolder(async (folder) => {
      const { checkpoint, site } = await exportPage(folder, kind);
      await sample(await sharedDevice(), checkpoint, {
        count: 16,
        out: `${folder}/images`,
        format: "images",
      });
      await using server = serveFolder(site);
      const { page, wrong } = await open(`http://127.0.0.1:${server.addr.port}/`);
      await drawn(page);
      for (const at of [0, 15]) {
        const found = await pixelsOf(page, "#images canvas", at);
        const file = `${folder}/images/${`${at}`.padStart(6, "0")}.png`;
        const { data } = toRgba(await decodePicture(await Deno.readFile(file)));
        // Canvases keep colors that are nearly transparent only roughly
        const isSolid = (place: number) => data[place - place % 4 + 3]! > 64;
        const off = found.filter((value, place) => isSolid(place) && Math.abs(value - data[place]!) > 2);
        assertEquals([found.length, off.length], [data.length, 0], `image ${at}`);
      }
      assertEquals(wrong, []);
    });
  }, { webgpu: true });
}

browserTest(
  "the page changes images by seed, truncation, class and latent vector, and saves them",
  async (open) => {
    await withFolder(async (folder) => {
      const { site } = await exportPage(folder, "classes");
      await using server = serveFolder(site);
      const { page, wrong } = await open(`http://127.0.0.1:${server.addr.port}/`);
      await drawn(page);
      const [first, large] = ["#images canvas", "#large"];
      const before = await pixelsOf(page, first);
      const changed = async (what: string, act: () => Promise<unknown>, selector = first) => {
        const old = await pixelsOf(page, selector);
        await act();
        await until(async () => `${await pixelsOf(page, selector)}` !== `${old}`, what);
        await drawn(page);
      };
      assertEquals(await pixelsOf(page, large), before);

      // By keyboard alone
      await changed("another latent vector", async () => {
        await page.getByLabel("z2", { exact: true }).focus();
        for (let presses = 0; presses < 5; presses++) await page.keyboard.press("PageUp");
      });
      await until(
        async () => `${await pixelsOf(page, large)}` === `${await pixelsOf(page, first)}`,
        "the large image",
      );
      await changed(
        "the old latent vector",
        () => page.getByRole("button", { name: "Reset" }).press("Enter"),
      );
      assertEquals(await pixelsOf(page, first), before);
      await changed(
        "a little change",
        () => page.getByRole("button", { name: "Change a little" }).click(),
        large,
      );

      await changed("another seed", async () => {
        await page.getByLabel("Seed").fill("7");
        await page.keyboard.press("Tab");
      });
      assertNotEquals(await pixelsOf(page, first), before);
      await changed("a random seed", () => page.getByRole("button", { name: "Another seed" }).click());
      await changed("the first seed", async () => {
        await page.getByLabel("Seed").fill("1");
        await page.keyboard.press("Enter");
      });
      await changed("a class", () => page.getByLabel("Class").selectOption('a "dog"'));
      await page.getByRole("button", { name: 'Image 2, a "dog"' }).click();
      assertEquals(await page.getByRole("heading", { level: 2 }).innerText(), 'Image 2, a "dog"');

      await changed("truncation", () => page.getByLabel("Truncation").fill("0"));
      assertEquals(await pixelsOf(page, first, 0), await pixelsOf(page, first, 5));
      assertEquals(await page.locator("#truncation-value").innerText(), "0.00");

      await page.getByRole("combobox", { name: "Images" }).selectOption("4");
      await until(async () => await page.locator(first).count() === 4, "four images");
      const saved = async (button: string) => {
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name: button, exact: true }).click(),
        ]);
        const path = `${folder}/${download.suggestedFilename()}`;
        await download.saveAs(path);
        const { width, height } = await decodePicture(await Deno.readFile(path));
        return [download.suggestedFilename(), width, height];
      };
      assertEquals(await saved("Save all"), ["step-000007-seed-1.png", 2 * 16 + 2, 2 * 16 + 2]);
      assertEquals(await saved("Save"), ["step-000007-seed-1-2.png", 16, 16]);
      // The test itself reads canvases often
      assertEquals(wrong.filter((message) => !message.includes("willReadFrequently")), []);
    });
  },
  { webgpu: true },
);

browserTest("the page fits any width, light and dark, and all of its controls have names", async (open) => {
  await withFolder(async (folder) => {
    const { site } = await exportPage(folder, "classes");
    await using server = serveFolder(site);
    const papers = new Set<string>();
    for (const [width, scheme] of [[320, "light"], [700, "dark"], [1600, "light"]] as const) {
      const { page, wrong } = await open(`http://127.0.0.1:${server.addr.port}/`, { width, scheme });
      await drawn(page);
      const root = page.locator("html");
      assertEquals(await root.evaluate((node) => (node as { scrollWidth?: number }).scrollWidth), width);
      papers.add(
        await root.evaluate((node) =>
          // deno-lint-ignore no-explicit-any
          (globalThis as any).getComputedStyle(node).backgroundColor
        ),
      );
      const nameless = await page.locator("input, select, button").evaluateAll((nodes) =>
        // deno-lint-ignore no-explicit-any
        (nodes as any[]).filter((node) =>
          !(node.labels?.length > 0 || node.getAttribute("aria-label") || node.textContent.trim())
        ).map((node) => node.id)
      );
      assertEquals(nameless, []);
      assertEquals(wrong, []);
      await page.close();
    }
    assertEquals(papers.size, 2);
  });
}, { webgpu: true });

browserTest("the page opens from a disk, by its script or by a file that is chosen", async (open) => {
  await withFolder(async (folder) => {
    const { site } = await exportPage(folder, "projected, nearest");
    const { page, wrong } = await open(pathToFileURL(`${site}/index.html`).href);
    await drawn(page);
    const known = await pixelsOf(page, "#images canvas");

    // As of weights that are too large for a script
    const html = await Deno.readTextFile(`${site}/index.html`);
    assertStringIncludes(html, "hasScript&quot;:true");
    await Deno.writeTextFile(
      `${site}/large.html`,
      html.replace("hasScript&quot;:true", "hasScript&quot;:false"),
    );
    const { page: chooser, wrong: others } = await open(pathToFileURL(`${site}/large.html`).href);
    // The page shows it once it listens
    await chooser.locator("#choose").waitFor();
    await chooser.getByLabel("Choose generator.safetensors").setInputFiles(`${site}/generator.safetensors`);
    await drawn(chooser);
    assertEquals(await pixelsOf(chooser, "#images canvas"), known);
    assertEquals([wrong, others], [[], []]);
  });
}, { webgpu: true, files: true });

browserTest("the page says what is wrong with its weights", async (open) => {
  await withFolder(async (folder) => {
    const { site } = await exportPage(folder, "plain");
    const damage = (name: string, bytes: Uint8Array<ArrayBuffer>) =>
      name.endsWith(".safetensors") ? bytes.subarray(0, bytes.length - 9) : bytes;
    await using server = serveFolder(site, damage);
    const { page } = await open(`http://127.0.0.1:${server.addr.port}/`);
    await page.locator("#status.bad").waitFor();
    const said = await page.locator("#status").innerText();
    assertStringIncludes(said, "truncated");
    assert(!await page.locator("#controls").isVisible());
  });
}, { webgpu: true });

browserTest("the page says what to do where WebGPU is missing", async (open) => {
  await withFolder(async (folder) => {
    const { site } = await exportPage(folder, "plain");
    await using server = serveFolder(site);
    const { page, wrong } = await open(`http://127.0.0.1:${server.addr.port}/`);
    await page.locator("#status.bad").waitFor();
    assertStringIncludes(
      await page.locator("#status").innerText(),
      "draws with WebGPU, which this browser lacks",
    );
    assertEquals(wrong.filter((message) => !/WebGPU|gpu|adapter/i.test(message)), []);
  });
});

import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { encodePng } from "../../../../src/pictures/mod.ts";
import { serveReport } from "../../../../src/dcgan/report/watch/serve_report.ts";
import { writeReport } from "../../../../src/dcgan/report/write_report.ts";
import { withFolder } from "../../tiny.ts";
import { gridName, linesOf, makeRun, scoresOf } from "../run_folders.ts";
import { browserTest } from "./browser.ts";

const NASTY = `</script><img src="x" onerror='document.title = 1'>`;

/** A run with everything that a page can show. */
const full = {
  config: { data: NASTY, conditional: "label", classes: [NASTY, "plain"], steps: 400 },
  steps: 300,
  change: (step: number) => ({
    discriminatorGradientNorm: Math.exp(3 * Math.sin(step / 20)),
    generatorGradientNorm: step % 100 === 0 ? 0 : 10 ** (-step / 100),
    ...step === 150 ? { generatorLoss: NaN } : { penalties: 1 / step },
  }),
  scores: [scoresOf(100, 300), scoresOf(200, 150), scoresOf(300, 140)],
  grids: [1, 4, 100, 300],
  real: true,
};

/** The steps at the left and the right of the first chart, by its labels: what zooming changes. */
const legend = (page: Page) => page.locator(".legend").first().innerText();

/** What a screenshot of the first chart looks like. */
async function look(page: Page): Promise<string> {
  return (await page.locator(".charts figure").first().screenshot()).toString("base64");
}

browserTest("report.html shows a run in light and dark, on a desktop and a phone", async (open) => {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/run`, full);
    const { href } = pathToFileURL(await writeReport(`${folder}/run`));
    for (const scheme of ["light", "dark"] as const) {
      for (const width of [1280, 375]) {
        const { page, wrong } = await open(href, { scheme, width });
        await page.locator(".uplot canvas").first().waitFor();
        assertEquals(wrong, []);
        assertEquals(await page.locator("h1").innerText(), NASTY);
        assertEquals(await page.locator(".uplot").count(), 7);
        assertEquals(await page.evaluate("document.documentElement.scrollWidth"), width);
        const dark = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        assertEquals(dark, scheme === "dark" ? "rgb(19, 21, 25)" : "rgb(247, 247, 245)");
        const pictures = await page.locator("img").evaluateAll((all) =>
          all.map((one) => Reflect.get(one, "naturalWidth"))
        );
        assertEquals(pictures, [38, 38]);
        // Every control has a name
        assertEquals(
          await page.locator("button:not([aria-label])").evaluateAll((all) =>
            all.filter((one) => Reflect.get(one, "innerText") === "").length
          ),
          0,
        );
        assertEquals(await page.locator("main [role=img]:not([aria-label]), img:not([alt])").count(), 0);
        await page.close();
      }
    }
  });
});

browserTest("report.html moves through samples and zooms, with mouse and keyboard", async (open) => {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/run`, full);
    const { page, wrong } = await open(pathToFileURL(await writeReport(`${folder}/run`)).href);
    const slider = page.getByLabel("Step of the samples");
    const picture = () => page.locator("img").first().getAttribute("src");
    assertMatch(await page.locator("figure").first().innerText(), /Samples after step 300/);
    const last = await picture();
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    assertMatch(await page.locator("figure").first().innerText(), /Samples after step 100/);
    assertEquals(await slider.getAttribute("aria-valuetext"), "Step 100");
    assertNotEquals(await picture(), last);
    await page.keyboard.press("End");
    assertEquals(await picture(), last);

    const whole = await look(page);
    await page.getByLabel("Zoom in").click();
    const closer = await look(page);
    assertNotEquals(closer, whole);
    await page.getByRole("button", { name: "Whole run" }).click();
    await page.mouse.move(0, 0);
    const area = (await page.locator(".u-over").first().boundingBox())!;
    const y = area.y + area.height / 2;
    await page.mouse.move(area.x + 0.2 * area.width, y);
    await page.mouse.down();
    await page.mouse.move(area.x + 0.4 * area.width, y, { steps: 4 });
    await page.mouse.up();
    const dragged = await look(page);
    assert(dragged !== whole && dragged !== closer);
    await page.mouse.dblclick(area.x + 0.3 * area.width, y);
    await page.mouse.move(0, 0);
    await page.evaluate("document.activeElement.blur()");
    assertEquals(await look(page), whole);

    const before = await legend(page);
    await page.mouse.move(area.x + 0.1 * area.width, y);
    assertNotEquals(await legend(page), before);
    const generator = page.getByRole("button", { name: /^Generator/ }).first();
    await generator.click();
    assertEquals(await generator.getAttribute("aria-pressed"), "false");
    assertMatch(
      await page.locator(".charts figure").first().innerText(),
      /1 step has a value that is not finite/,
    );
    assertEquals(wrong, []);
  });
});

browserTest("report.html names samples that are clicked, and the commands that take them", async (open) => {
  await withFolder(async (folder) => {
    // Two classes: a row for each, of four samples of 16 x 16
    const config = { ...full.config, seed: 7, samples: 8 };
    await makeRun(`${folder}/it's a run`, { ...full, config, sides: [74, 38] });
    const { page, wrong } = await open(pathToFileURL(await writeReport(`${folder}/it's a run`)).href, {
      width: 375,
    });
    const tiles = page.locator(".tiles button");
    const names = ["7:0", "7:2", "7:4", "7:6", "7:1", "7:3", "7:5", "7:7"];
    assertEquals(await tiles.evaluateAll((all) => all.map((one) => Reflect.get(one, "title"))), names);
    // All have the size of an image and half of the padding around it, in two rows
    const grid = (await page.locator(".grid img").boundingBox())!;
    const pixel = grid.width / 74;
    const boxes = await Promise.all([0, 3, 4, 7].map(async (at) => (await tiles.nth(at).boundingBox())!));
    const [first, , below, last] = boxes;
    assert(Math.abs(first!.x - grid.x - pixel) < 1 && Math.abs(first!.y - grid.y - pixel) < 1);
    assert(Math.abs(first!.width - 18 * pixel) < 1 && Math.abs(below!.y - first!.y - 18 * pixel) < 1);
    assert(Math.abs(first!.x - below!.x) < 1);
    for (const { width, height } of boxes) {
      assert(Math.abs(width - last!.width) < 1 && Math.abs(height - last!.height) < 1);
    }

    const commands = () => page.locator(".command").allInnerTexts();
    assertEquals(await commands(), []);
    await tiles.nth(1).click();
    assertEquals(await commands(), []);
    // The keyboard goes on from there
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const path = `'${folder}/it'\\''s a run'`;
    const cli = "deno run -A jsr:@x/dcgan/cli";
    // From one class to another is no way
    assertEquals(await commands(), []);
    assertMatch(await page.locator(".choose").innerText(), /only of one class/);
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    const nasty = `--class='${NASTY.replaceAll("'", `'\\''`)}'`;
    assertEquals(await commands(), [`${cli} interpolate ${path} --seeds 7:2,7:4 ${nasty}`]);
    // Tab leads to one of the samples only, also after clicks
    const stops = await tiles.evaluateAll((all) => all.map((one) => Reflect.get(one, "tabIndex")));
    assertEquals(stops, [-1, -1, 0, -1, -1, -1, -1, -1]);
    await page.getByLabel("Choose samples of group B").click();
    await tiles.nth(7).click();
    await page.getByLabel("Choose samples of group C").click();
    await tiles.nth(0).click();
    await tiles.nth(1).click();
    assertEquals(await tiles.nth(1).getAttribute("aria-label"), "Sample 7:2, group C");
    assertEquals(await commands(), [
      `${cli} arithmetic ${path} --a 7:4 --b 7:7 --c 7:0,7:2`,
    ]);
    // The same again takes it out
    await tiles.nth(0).click();
    assertEquals(await tiles.nth(0).getAttribute("aria-pressed"), "false");
    await page.getByRole("button", { name: "Clear" }).click();
    assertEquals(await commands(), []);
    // It hides, and the keyboard goes on from the group
    const focused = await page.evaluate("document.activeElement.textContent");
    assertEquals(focused, "C");
    assertEquals(wrong, []);
  });
});

browserTest("report.html names no samples of grids that were drawn with other options", async (open) => {
  await withFolder(async (folder) => {
    // Four samples until step 4, and 16 since
    await makeRun(`${folder}/run`, { config: { samples: 16 }, steps: 9, grids: [1, 4] });
    const sixteen = await encodePng({ width: 74, height: 74, channels: 1, data: new Uint8Array(74 * 74) });
    await Deno.writeFile(`${folder}/run/${gridName(9)}`, sixteen);
    const { page, wrong } = await open(pathToFileURL(await writeReport(`${folder}/run`)).href);
    const tiles = page.locator(".tiles");
    await tiles.waitFor();
    assertEquals(await tiles.locator("button").count(), 16);
    await page.getByLabel("Step of the samples").focus();
    await page.keyboard.press("ArrowLeft");
    await tiles.waitFor({ state: "hidden" });
    assertMatch(await page.locator(".choose").innerText(), /was drawn with other options/);
    await page.keyboard.press("End");
    await tiles.waitFor();
    assertEquals(wrong, []);
  });
});

browserTest("a live page changes in place, and says that the run has stopped", async (open) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await makeRun(run, {
      ...full,
      config: { steps: 9 },
      steps: 3,
      change: () => ({}),
      scores: [],
      grids: [1, 3],
    });
    const server = await serveReport();
    server.show(run);
    const { page, wrong } = await open(server.url);
    await page.getByText("Live: this page follows the run.").waitFor();
    await page.evaluate("globalThis.mark = 'not loaded again'");
    await Deno.copyFile(`${run}/${gridName(1)}`, `${run}/${gridName(5)}`);
    await Deno.writeTextFile(`${run}/metrics.jsonl`, linesOf(4, 6), { append: true });
    await page.getByText("Step 6 of 9").waitFor();
    await page.getByText("Samples after step 5").waitFor();
    assertEquals(wrong, []);
    await Deno.writeTextFile(`${run}/metrics.jsonl`, linesOf(7, 9), { append: true });
    await server[Symbol.asyncDispose]();
    await page.getByText("The run has stopped, and this page no longer changes.").waitFor();
    await page.getByText("Step 9 of 9").waitFor();
    assertEquals(await page.evaluate("globalThis.mark"), "not loaded again");
    // The page may ask once more when nobody is there to answer
    assertEquals(wrong.filter((message) => !message.includes("ERR_CONNECTION_REFUSED")), []);
  });
});

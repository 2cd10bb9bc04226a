/// <reference lib="dom" />
/** What Explore opens and saves, in a browser. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { openGenerator } from "../../../src/dcgan/explore/open_generator.ts";
import { withGenerator as servedPage } from "../../../src/dcgan/serve/studio_page.ts";
import { decodeNpy } from "../../../src/files/npy.ts";
import { decodePicture, markOf } from "../../../src/pictures/mod.ts";
import { sharedDevice } from "../../support/gpu.ts";
import { studioTest } from "../studio.ts";
import {
  apart,
  eventually,
  generatorOf,
  NEAR,
  openIn,
  pixelsOf,
  saved,
  tinyRun,
  withGenerator,
} from "../tiny_run.ts";

studioTest(
  "Explore saves pictures and latent vectors, and opens these, from a file of a generator",
  async (open) => {
    const run = await tinyRun();
    const { page, wrong } = await open();
    const view = await openIn(page, "explore", generatorOf(run));
    const panel = view.locator(".sheet-panel");
    const png = await saved(page, panel.getByRole("button", { name: "Save as PNG" }), "samples.png");
    const picture = await decodePicture(png);
    assertEquals([picture.width, picture.height], [6 * 18 + 2, 4 * 18 + 2]);
    assertMatch(markOf(png)!.description, /^24 samples from generator\.safetensors/);
    const npy = await saved(
      page,
      panel.getByRole("button", { name: "Save latent vectors (npy)" }),
      "latents.npy",
    );
    const { shape, data } = decodeNpy(npy);
    assertEquals(shape, [24, 8]);
    using generator = await openGenerator(await sharedDevice(), run);
    assertEquals(data, generator.latents(1, 24));
    const before = await pixelsOf(panel.locator(".tile canvas").nth(5));
    const file = { name: "mine.npy", mimeType: "application/octet-stream", buffer: Buffer.from(npy) };
    await panel.locator("input[type=file]").setInputFiles(file);
    await view.getByRole("button", { name: "Picture mine.npy, vector 5" }).waitFor();
    assertEquals(await pixelsOf(panel.locator(".tile canvas").nth(5)), before);
    // A file that is none says so, and what is open stays
    const bad = { ...file, buffer: Buffer.from("no array") };
    await panel.locator("input[type=file]").setInputFiles(bad);
    await view.getByText("Cannot read mine.npy: it does not begin as a npy file does").waitFor();
    assertEquals(await panel.locator(".tile").count(), 24);
    await page.locator("#tab-inside").click();
    await page.getByText("This file has a generator alone.").waitFor();
    assertEquals(wrong, []);
  },
);

studioTest("Explore draws the classes of a conditional generator", async (open) => {
  const run = await tinyRun({ conditional: "glasses" });
  const { page, wrong } = await open();
  const view = await openIn(page, "explore", run);
  await view.getByRole("img", { name: "Picture 1:0" }).waitFor();
  const large = view.locator(".picture-large canvas");
  const before = await pixelsOf(large);
  const label = view.locator(".picture-panel select");
  assertEquals(await label.inputValue(), "0");
  await label.selectOption({ index: 1 });
  await eventually(async () => apart(await pixelsOf(large), before) > 0, "the same vector in another class");
  const sheet = view.locator(".sheet-panel");
  const other = await pixelsOf(sheet.locator(".tile canvas").nth(0));
  await sheet.getByLabel("Class").selectOption({ index: 2 });
  await eventually(
    async () => apart(await pixelsOf(sheet.locator(".tile canvas").first()), other) > 0,
    "one class",
  );
  using generator = await openGenerator(await sharedDevice(), run);
  const expected = await generator.draw(generator.latents(1, 1), [1]);
  assert(apart(await pixelsOf(sheet.locator(".tile canvas").first()), expected) <= NEAR);
  assertEquals(wrong, []);
});

studioTest("a served page opens the generator that it is served with", async (open) => {
  const run = await tinyRun({ latentDistribution: "uniform" });
  const { page, url, wrong } = await open();
  await page.route(url, async (route) => {
    const answer = await route.fetch();
    const html = servedPage(await answer.text(), "uniform");
    assertMatch(html, /connect-src 'self'.*dcgan-generator/s);
    await route.fulfill({ body: html, contentType: "text/html; charset=utf-8" });
  });
  const body = Buffer.from(await Deno.readFile(generatorOf(run)));
  await page.route(`${url}generator.safetensors`, (route) => route.fulfill({ body }));
  await page.goto(url);
  const tile = page.locator("#explore .sheet-panel .tile canvas").first();
  await tile.waitFor();
  const expected = await withGenerator(run, (latents, draw) => draw(latents(1, 0)));
  assert(apart(await pixelsOf(tile), expected) <= NEAR);
  assertEquals(wrong, []);
});

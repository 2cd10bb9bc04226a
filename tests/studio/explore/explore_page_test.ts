/// <reference lib="dom" />
/** The Explore view in a browser. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { combine, meanLatent } from "../../../src/dcgan/explore/arithmetic/vector_arithmetic.ts";
import { between } from "../../../src/dcgan/explore/latents/between.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { expectToFit, nameless, studioTest } from "../studio.ts";
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
  "Explore draws the samples of a run's folder as sample() does, and its neighbors",
  async (open) => {
    const run = await tinyRun();
    const { page, wrong } = await open();
    const view = await openIn(page, "explore", run);
    const tiles = view.locator(".sheet-panel .tile canvas");
    assertEquals(await tiles.count(), 24);
    await withGenerator(run, async (latents, draw) => {
      for (const at of [0, 7, 23]) {
        assert(apart(await pixelsOf(tiles.nth(at)), await draw(latents(1, at))) <= NEAR);
      }
      await view.getByLabel("Seed", { exact: true }).fill("7");
      await page.keyboard.press("Enter");
      await view.getByText("24 samples of seed 7").waitFor();
      await view.getByRole("button", { name: "Next samples" }).click();
      await view.getByRole("button", { name: "Picture 7:24" }).waitFor();
      assert(apart(await pixelsOf(tiles.first()), await draw(latents(7, 24))) <= NEAR);
    });
    // By keys: a picture is chosen, and is shown large
    await view.getByRole("button", { name: "Picture 7:26" }).focus();
    await page.keyboard.press("Enter");
    await view.getByRole("img", { name: "Picture 7:26" }).waitFor();
    assertEquals(await pixelsOf(view.locator(".picture-large canvas")), await pixelsOf(tiles.nth(2)));
    await view.getByRole("button", { name: "Show its neighbors" }).click();
    await view.getByText("Neighbors of 7:26").waitFor();
    assertEquals(await tiles.count(), 9);
    assertEquals(await pixelsOf(tiles.nth(4)), await pixelsOf(view.locator(".picture-large canvas")));
    await view.getByRole("button", { name: "Random seed" }).click();
    await view.getByText(/24 samples of seed \d+/).waitFor();
    assertEquals(wrong, []);
  },
);

studioTest("sliders of Explore move the picture along directions, by keys as well", async (open) => {
  const run = await tinyRun();
  const { page, wrong } = await open();
  const view = await openIn(page, "explore", run);
  const large = view.locator(".picture-large canvas");
  const slider = view.getByRole("slider", { name: "Direction 1", exact: true });
  await slider.waitFor();
  assertEquals(await view.locator(".sliders .slider").count(), 6);
  const before = await pixelsOf(large);
  await slider.focus();
  await page.keyboard.press("End");
  assertEquals(await slider.getAttribute("aria-valuetext"), "+4.0 standard deviations");
  await eventually(async () => apart(await pixelsOf(large), before) > 0, "a moved picture");
  await view.getByRole("button", { name: "Put sliders back" }).click();
  await eventually(async () => apart(await pixelsOf(large), before) === 0, "the picture as it was");
  await view.getByRole("button", { name: "More directions" }).click();
  // The latent vectors of this run have 8 numbers
  assertEquals(await view.locator(".sliders .slider").count(), 8);
  assert(await view.getByRole("button", { name: "More directions" }).isHidden());
  assertEquals(wrong, []);
});

studioTest("the square of Explore is dragged in, by keys as well, and filmed", async (open) => {
  const run = await tinyRun();
  const { page, wrong } = await open();
  const view = await openIn(page, "explore", run);
  const panel = view.locator(".square-panel");
  const result = panel.locator(".square-result canvas");
  await result.waitFor();
  const expected = await withGenerator(run, (latents, draw) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((at) => latents(1, at));
    const left = between(a!, c!, 0.25, "spherical");
    return draw(between(left, between(b!, d!, 0.25, "spherical"), 0.75, "spherical"));
  });
  const pad = panel.locator(".pad");
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await pad.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 0.75 * width, y + 0.25 * height, { steps: 4 });
  await page.mouse.up();
  await eventually(
    async () => apart(await pixelsOf(result), expected) <= NEAR,
    "the picture under the pointer",
  );
  await panel.getByRole("slider", { name: "From left to right" }).focus();
  await page.keyboard.press("Home");
  await panel.getByRole("slider", { name: "From top to bottom" }).focus();
  await page.keyboard.press("Home");
  const corner = await pixelsOf(panel.locator("[data-corner='0'] canvas"));
  await eventually(async () => apart(await pixelsOf(result), corner) === 0, "the picture at the corner");
  // Another picture at the corner, by keys
  await view.getByRole("button", { name: "Picture 1:9" }).press("Enter");
  await panel.getByRole("button", { name: "Put the picture here: top left" }).press("Enter");
  await panel.getByRole("button", { name: "top left: 1:9" }).waitFor();
  const film = await saved(page, panel.getByRole("button", { name: "Save a film" }), "film.webp");
  assertEquals(new TextDecoder().decode(film.subarray(8, 12)), "WEBP");
  assertMatch(
    new TextDecoder("latin1").decode(film),
    /ANMF.*The way between 4 samples from tiny-run at step 2/s,
  );
  assertEquals(film.length > 10_000, true);
  assertEquals(wrong, []);
});

studioTest("Explore adds and subtracts pictures that are dragged, or put by keys", async (open) => {
  const run = await tinyRun();
  const { page, wrong } = await open();
  // All of it is to be seen: a page that scrolls loses the drag
  await page.setViewportSize({ width: 1280, height: 2400 });
  const view = await openIn(page, "explore", run);
  await view.locator(".square-result canvas").waitFor();
  const panel = view.locator(".sum-panel");
  const tile = (at: number) => view.getByRole("button", { name: `Picture 1:${at}`, exact: true });
  await tile(4).dragTo(panel.locator("[data-group=a]"), { steps: 6 });
  await tile(5).dragTo(panel.locator("[data-group=a]"), { steps: 6 });
  await tile(6).dragTo(panel.locator("[data-group=b]"), { steps: 6 });
  await tile(8).press(" ");
  await panel.getByRole("button", { name: "Put the picture here: C gets it" }).press("Enter");
  const result = panel.getByRole("button", { name: "Picture A − B + C", exact: true });
  await result.waitFor();
  const expected = await withGenerator(run, (latents, draw) => {
    const a = meanLatent([latents(1, 4), latents(1, 5)]);
    return draw(combine(a, latents(1, 6), latents(1, 8)));
  });
  assert(apart(await pixelsOf(result.locator("canvas")), expected) <= NEAR);
  assertEquals(await panel.locator(".result .tile").count(), 9);
  await panel.getByRole("button", { name: "Make A − B a slider" }).click();
  await view.getByRole("slider", { name: "A − B" }).waitFor();
  await panel.getByRole("button", { name: "Take 1:6 away" }).press("Enter");
  await panel.getByText("Put at least one picture in each group.").waitFor();
  assertEquals(wrong, []);
});

studioTest("Explore finds a photo, and a search can be stopped", async (open) => {
  const run = await tinyRun();
  const { page, wrong } = await open();
  const view = await openIn(page, "explore", run);
  const data = await withGenerator(run, (latents, draw) => draw(latents(3, 2)));
  const buffer = Buffer.from(await encodePng({ width: 16, height: 16, channels: 3, data }));
  const panel = view.locator(".photo-panel");
  await panel.getByLabel("Steps").fill("60");
  await panel.locator("input[type=file]").setInputFiles({ name: "photo.png", mimeType: "image/png", buffer });
  const found = panel.locator(".photo-found canvas");
  await found.waitFor();
  assertEquals(
    await pixelsOf(panel.getByRole("img", { name: "Your photo, as training would see it" })),
    data,
  );
  const text = await panel.getByText(/\d+\.\d dB/).innerText();
  assert(Number.parseFloat(text) > 25, text);
  await panel.getByRole("button", { name: "Use this picture" }).click();
  assertEquals(await pixelsOf(view.locator(".picture-large canvas")), await pixelsOf(found));
  await panel.getByLabel("Steps").fill("10000");
  await panel.getByRole("button", { name: "Find it" }).click();
  await panel.getByText(/Step [1-9]\d* of 10000/).waitFor();
  await panel.getByRole("button", { name: "Stop" }).click();
  await page.locator("#status", { hasText: "Stopped" }).waitFor();
  // The page is as it was, and draws
  await view.getByRole("button", { name: "Next samples" }).click();
  await view.getByRole("button", { name: "Picture 1:24" }).waitFor();
  assertEquals(wrong, []);
});

studioTest("Explore fits from 320 pixels on, and every control has a name", async (open) => {
  const { page, wrong } = await open();
  const view = await openIn(page, "explore", await tinyRun());
  await view.locator(".square-result canvas").waitFor();
  // A name that is longer than the page is wide
  const file = `${"my-generator-".repeat(5)}.safetensors`;
  const buffer = Buffer.from(await Deno.readFile(generatorOf(await tinyRun())));
  await view.locator(".source input[type=file]").first().setInputFiles({
    name: file,
    mimeType: "application/octet-stream",
    buffer,
  });
  // The status line says it too, but not for long: the samples come next
  await view.locator(".source select", { hasText: file }).waitFor();
  await view.getByRole("button", { name: "Picture 1:23" }).waitFor();
  await expectToFit(page);
  assertEquals(await nameless(view), []);
  assertEquals(wrong, []);
});

/// <reference lib="dom" />
/** The See inside view in a browser. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { loadDiscriminator } from "../../../src/dcgan/experiments/networks/load_discriminator.ts";
import { openGenerator } from "../../../src/dcgan/explore/open_generator.ts";
import { normalizeImages } from "../../../src/gpu/mod.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { sharedDevice } from "../../support/gpu.ts";
import { expectToFit, nameless, startTiny, studioTest, waitForState } from "../studio.ts";
import { openIn, pixelsOf, tinyRun } from "../tiny_run.ts";

studioTest(
  "See inside shows logits, heat and maps of samples, and of a picture that is given",
  async (open) => {
    const run = await tinyRun();
    const { page, wrong } = await open();
    const view = await openIn(page, "inside", run);
    const looks = view.locator(".look-list figure");
    await looks.first().waitFor();
    assertEquals(await looks.count(), 8);
    // The logits are the discriminator's, on another engine
    const device = await sharedDevice();
    using generator = await openGenerator(device, run);
    const data = await generator.draw(generator.latents(1, 8));
    const loaded = await loadDiscriminator(device, run);
    using discriminator = loaded.discriminator;
    using _ = device.scope();
    const images = normalizeImages(device.tensor(data, { shape: [8, 16, 16, 3], dtype: "u8" }));
    const logits = await discriminator.forward(images, { training: false }).data();
    for (const [at, text] of (await looks.locator("figcaption").allInnerTexts()).entries()) {
      const shown = Number(text.replace("D(x) = ", "").replace("−", "-"));
      assert(Math.abs(shown - logits[at]!) < 0.02, `${text}, expected ${logits[at]}`);
    }
    // The last layer of the generator is the picture: its first map is red
    const layers = view.locator(".maps-card .layers");
    await layers.nth(1).locator("canvas").first().waitFor();
    assertEquals(await layers.nth(0).locator("canvas").count(), 3);
    assertEquals(await layers.nth(1).locator("canvas").count(), 2);
    const heat = looks.nth(0).locator("canvas").nth(1);
    const before = await pixelsOf(heat);
    await view.getByLabel("Guided: only what raises the logit on all of the way").check();
    for (let tries = 0; tries < 100 && `${await pixelsOf(heat)}` === `${before}`; tries++) {
      await page
        .waitForTimeout(100);
    }
    assertNotEquals(await pixelsOf(heat), before);
    // A picture of the user's: it is judged beside them, and the generator has no maps of it
    const buffer = Buffer.from(
      await encodePng({ width: 16, height: 16, channels: 3, data: data.slice(0, 768) }),
    );
    await view.locator(".inside-pictures input[type=file]").setInputFiles({
      name: "mine.png",
      mimeType: "image/png",
      buffer,
    });
    await view.locator(".logit-line.real").waitFor();
    await view.getByText("No latent vector is known of a picture of your own").waitFor();
    assertEquals(await looks.count(), 9);
    assertEquals(
      await looks.nth(8).locator("figcaption").innerText(),
      await looks.nth(0).locator("figcaption").innerText(),
    );
    // By keys: another picture is looked at
    await view.getByRole("button", { name: "Sample 1:3" }).press("Enter");
    await layers.nth(0).locator("canvas").first().waitFor();
    assertEquals(await view.getByRole("button", { name: "Sample 1:3" }).getAttribute("aria-pressed"), "true");
    await view.getByText("This needs a model that trains in this tab").waitFor();
    assertEquals(wrong, []);
  },
);

studioTest("See inside has one network learn once, and says what that changed", async (open) => {
  const { page, wrong } = await open();
  await page.getByRole("button", { name: "Try the built-in faces" }).click();
  await startTiny(page, { steps: 10_000 });
  await waitForState(page, "Training");
  await page.locator("#tab-inside").click();
  const card = page.locator(".step-card");
  await card.getByRole("button", { name: "One step of G" }).click();
  await card.getByText("D did not change.").waitFor();
  assert(await card.getByRole("row").count() > 3);
  assertEquals(await card.getByText("How far the layers of G moved").count(), 1);
  await card.getByRole("button", { name: "One step of D" }).click();
  await card.getByText("G did not change.").waitFor();
  await card.getByText(/Mean logit of the samples: .* before, .* after/).waitFor();
  // The Train view knows that it is paused, and goes on
  await page.locator("#tab-train").click();
  await waitForState(page, "Paused");
  await page.getByRole("button", { name: "Continue" }).click();
  await waitForState(page, "Training");
  // Explore follows the model in this tab
  await page.locator("#tab-explore").click();
  await page.locator("#explore .sheet-panel .tile").first().waitFor();
  await page.locator("#explore .source select", { hasText: /In this tab: .*, step \d/ }).waitFor();
  assertEquals(wrong, []);
});

studioTest(
  "See inside fits from 320 pixels on, and has a formula and its words in each card",
  async (open) => {
    const { page, wrong } = await open();
    const view = await openIn(page, "inside", await tinyRun());
    await view.locator(".look-list figure").first().waitFor();
    await expectToFit(page);
    const formulas = view.locator(".inside-card math");
    assertEquals(await formulas.count(), 4);
    for (const formula of await formulas.all()) assert(await formula.getAttribute("aria-label"));
    assertEquals(await nameless(view), []);
    assertEquals(wrong, []);
  },
);

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { watchMainThread } from "../main_thread.ts";
import { startTiny, stepShown, studioTest, waitForState } from "../studio.ts";

/**
 * Milliseconds that a task of the page's main thread may take: longer ones are felt. It is time of the processor.
 * A clock would tell more of the machine: with two cores, the process that computes the networks (SwiftShader)
 * has both, and a timer of the page that does nothing was seen to wait 230 ms for one.
 */
const LONGEST = 100;

/** The pixels of the samples, in short. */
const SAMPLES = `(() => {
  const canvas = document.querySelector(".samples canvas");
  return canvas.toDataURL();
})()`;

studioTest(
  "the studio trains on the built-in faces to the end, with samples, curves and a verdict, and never freezes",
  async (open) => {
    const { page, wrong } = await open();
    await page.getByRole("button", { name: "Try the built-in faces" }).click();
    // Also while kernels are compiled, and samples and curves are drawn
    const { tasks, longest } = await watchMainThread(page, async () => {
      await startTiny(page, { steps: 8 });
      await waitForState(page, "Done");
    });
    assert(tasks > 50, `it saw ${tasks} tasks`);
    assert(longest > 0 && longest < LONGEST, `a task took ${longest} ms`);
    assertEquals(await stepShown(page), 8);
    await page.getByText("64 samples at step 8").waitFor();
    const label = await page.locator(".plot").first().getAttribute("aria-label");
    assert(/^Losses\. Generator [\d.]+, Discriminator [\d.]+\.$/.test(label!), label!);
    const notices = await page.locator(".notices").innerText();
    assert(notices.includes("So few steps hardly draw more than noise"), notices);
    assert(notices.includes("still alike, as they often are"), notices);
    assertEquals(wrong, []);
  },
);

studioTest(
  "the studio pauses, does single steps, changes options and goes on, keeping weights",
  async (open) => {
    const { page, wrong } = await open();
    await page.getByRole("button", { name: "Try the built-in faces" }).click();
    await startTiny(page, { steps: 100_000 });
    await waitForState(page, "Training");
    // Live, before anybody asks
    await page.getByText(/^64 samples at step [1-9]/).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await waitForState(page, "Paused");
    const paused = await stepShown(page);
    assert(paused > 0);

    const single = page.getByRole("group", { name: "One step at a time" });
    await single.getByRole("button", { name: "Both" }).click();
    await page.locator("#status", { hasText: `Step ${paused + 1} done` }).waitFor();
    assertEquals(await stepShown(page), paused + 1);

    // The generator changes the samples; the discriminator alone does not
    await waitForState(page, "Paused");
    await single.getByRole("button", { name: "Discriminator" }).click();
    await page.locator("#status", { hasText: "The discriminator learned once more" }).waitFor();
    await waitForState(page, "Paused");
    const afterDiscriminator = await page.evaluate(SAMPLES);
    await single.getByRole("button", { name: "Generator" }).click();
    await page.locator("#status", { hasText: "The generator learned once more" }).waitFor();
    await waitForState(page, "Paused");
    assertNotEquals(await page.evaluate(SAMPLES), afterDiscriminator);
    assertEquals(await stepShown(page), paused + 1);

    // Weights stay as they are when options change
    const kept = await page.evaluate(SAMPLES);
    await page.getByLabel("Learning rate of the discriminator").fill("0.0001");
    await page.getByLabel("Loss", { exact: true }).selectOption("hinge");
    await page.getByLabel("Cutout").check();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.locator("#status", { hasText: `Changed from step ${paused + 2} on` }).waitFor();
    await waitForState(page, "Paused");
    assertEquals(await stepShown(page), paused + 1);
    assertEquals(await page.evaluate(SAMPLES), kept);
    assertEquals(await page.getByLabel("Loss", { exact: true }).inputValue(), "hinge");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.locator("#status", { hasText: "Nothing to change" }).waitFor();

    await page.getByRole("button", { name: "Continue" }).click();
    await page.locator(".run .number", {
      hasText: new RegExp(`^Step (?!${(paused + 1).toLocaleString("en")} of)`),
    }).waitFor();
    assertEquals(wrong, []);
  },
);

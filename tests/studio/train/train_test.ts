import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { startTiny, stepShown, studioTest, waitForState } from "../studio.ts";

/** The pixels of the samples, in short. */
const SAMPLES = `(() => {
  const canvas = document.querySelector(".samples canvas");
  return canvas.toDataURL();
})()`;

studioTest("the studio trains on the built-in faces to the end, with samples, curves and a verdict", async (open) => {
  const { page, wrong } = await open();
  await page.getByRole("button", { name: "Try the built-in faces" }).click();
  await startTiny(page, { steps: 8 });
  await waitForState(page, "Done");
  assertEquals(await stepShown(page), 8);
  await page.getByText("64 samples at step 8").waitFor();
  const label = await page.locator(".plot").first().getAttribute("aria-label");
  assert(/^Losses\. Generator [\d.]+, Discriminator [\d.]+\.$/.test(label!), label!);
  const notices = await page.locator(".notices").innerText();
  assert(notices.includes("So few steps hardly draw more than noise"), notices);
  assert(notices.includes("still alike, as they often are"), notices);
  assertEquals(wrong, []);
});

studioTest("the studio pauses, does single steps of each network, and goes on", async (open) => {
  const { page, wrong } = await open();
  await page.getByRole("button", { name: "Try the built-in faces" }).click();
  await startTiny(page, { steps: 100_000 });
  await waitForState(page, "Training");
  await page.getByRole("button", { name: "Pause" }).click();
  await waitForState(page, "Paused");
  const paused = await stepShown(page);
  assert(paused > 0);
  await page.waitForTimeout(500);
  assertEquals(await stepShown(page), paused);

  const single = page.getByRole("group", { name: "One step at a time" });
  await single.getByRole("button", { name: "Both" }).click();
  await page.getByText(`Step ${paused + 1} done`).waitFor();
  assertEquals(await stepShown(page), paused + 1);

  // The generator changes the samples; the discriminator alone does not
  await waitForState(page, "Paused");
  const before = await page.evaluate(SAMPLES);
  await single.getByRole("button", { name: "Discriminator" }).click();
  await page.getByText("The discriminator learned once more").waitFor();
  await waitForState(page, "Paused");
  const afterDiscriminator = await page.evaluate(SAMPLES);
  await single.getByRole("button", { name: "Generator" }).click();
  await page.getByText("The generator learned once more").waitFor();
  await waitForState(page, "Paused");
  assertNotEquals(await page.evaluate(SAMPLES), afterDiscriminator);
  assertEquals(await stepShown(page), paused + 1);
  assert(before !== undefined);

  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForFunction(
    `!document.querySelector(".run .number").textContent.startsWith("Step ${(paused + 1).toLocaleString("en")} ")`,
  );
  assertEquals(wrong, []);
});

studioTest("the studio changes rates, loss and augmentation of a run, and goes on from its step", async (open) => {
  const { page, wrong } = await open();
  await page.getByRole("button", { name: "Try the built-in faces" }).click();
  await startTiny(page, { steps: 100_000 });
  await waitForState(page, "Training");
  await page.getByRole("button", { name: "Pause" }).click();
  await waitForState(page, "Paused");
  const paused = await stepShown(page);
  const before = await page.evaluate(SAMPLES);
  await page.getByLabel("Learning rate of the discriminator").fill("0.0001");
  await page.getByLabel("Loss").selectOption("hinge");
  await page.getByLabel("Cutout").check();
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText(`Changed from step ${paused + 1} on`).waitFor();
  await waitForState(page, "Paused");
  assertEquals(await stepShown(page), paused);
  // Weights stay
  assertEquals(await page.evaluate(SAMPLES), before);
  assertEquals(await page.getByLabel("Loss").inputValue(), "hinge");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("Nothing to change").waitFor();
  await page.getByRole("button", { name: "Both" }).click();
  await page.getByText(`Step ${paused + 1} done`).waitFor();
  assertEquals(wrong, []);
});

studioTest("the studio stays quick to answer while a step runs", async (open) => {
  const { page } = await open();
  await page.getByRole("button", { name: "Try the built-in faces" }).click();
  await startTiny(page, { steps: 100_000 });
  await waitForState(page, "Training");
  // Timers of 10 ms: the longest wait between two of them
  const longest = await page.evaluate(`new Promise((resolve) => {
    let [last, longest, count] = [performance.now(), 0, 0];
    const timer = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (++count === 200) {
        clearInterval(timer);
        resolve(longest);
      }
    }, 10);
  })`) as number;
  assert(longest < 100, `the page stood still for ${Math.round(longest)} ms`);
});

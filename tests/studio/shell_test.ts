/// <reference lib="dom" />
/** The page around its views. */
import { assert, assertEquals } from "@std/assert";
import { expectToFit, nameless, studioTest } from "./studio.ts";

studioTest("the studio works when it is opened from the disk", async (open) => {
  const { page, wrong } = await open({ fromDisk: true });
  // Browsers keep no files for pages of the disk
  await page.getByText("a run lives in memory until you save it").waitFor();
  await page.getByRole("button", { name: "Try the built-in faces" }).click();
  await page.getByText("24 of the real pictures, as training sees them: 64 × 64 pixels").waitFor();
  assertEquals(wrong, []);
});

studioTest(
  "the studio sends nothing: its policy refuses all but the server that it came from",
  async (open) => {
    const { page, wrong, url } = await open();
    const refused = await page.evaluate(async (own) => {
      const fails = (address: string) => fetch(address).then(() => false, () => true);
      return { elsewhere: await fails("http://127.0.0.1:9/"), own: await fails(own) };
    }, url);
    assertEquals(refused, { elsewhere: true, own: false });
    // The refusal is said in the console
    assert(wrong.every((line) => line.includes("Content Security Policy")), wrong.join("\n"));
    assert(wrong.length > 0);
  },
);

studioTest("the studio says what to do where WebGPU is missing", async (open) => {
  const { page } = await open();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  const text = await alert.innerText();
  assert(text.includes("The studio needs WebGPU"), text);
  assert(/Chrome or Edge \d+ or later/.test(text), text);
  assert(text.includes("deno run -A jsr:@x/dcgan/cli train --data ./photos"), text);
  assert(await page.getByRole("button", { name: "Choose a folder" }).isHidden());
  await page.getByRole("button", { name: "Try again" }).click();
  await alert.waitFor();
}, { withoutGpu: true });

studioTest("the studio is used by keys: tabs by arrows, buttons in their order", async (open) => {
  const { page, wrong } = await open();
  const tab = (name: string) => page.getByRole("tab", { name });
  await tab("Train").focus();
  await page.keyboard.press("ArrowRight");
  assertEquals(await tab("Explore").getAttribute("aria-selected"), "true");
  assert(await page.locator("#explore").isVisible());
  assert(await page.locator("#train").isHidden());
  await page.keyboard.press("End");
  assertEquals(await tab("See inside").getAttribute("aria-selected"), "true");
  await page.keyboard.press("Home");
  assert(await page.locator("#train").isVisible());
  const reached: string[] = [];
  for (let at = 0; at < 5; at++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement!.textContent!.trim()));
  }
  assertEquals(reached.slice(1), [
    "Choose a folder",
    "Choose files or a zip",
    "Try the built-in faces",
    "Open a saved run",
  ]);
  await tab("Train").focus();
  await page.getByRole("button", { name: "Try the built-in faces" }).press("Enter");
  await page.getByRole("button", { name: "Start training" }).waitFor();
  assertEquals(wrong, []);
});

studioTest("the Train view fits from 320 pixels on, and every control has a name", async (open) => {
  const { page, wrong } = await open();
  await page.getByRole("button", { name: "Try the built-in faces" }).click();
  await page.getByRole("button", { name: "Start training" }).waitFor();
  await page.getByText("More settings").click();
  await expectToFit(page);
  assertEquals(await nameless(page.locator("#train")), []);
  assertEquals(wrong, []);
});

/** A run goes on in the tab where the command line stopped, and the other way round. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { withFolder } from "../../support/temp_folder.ts";
import { startTiny, stepShown, studioTest, waitForState } from "../studio.ts";
import { checkpoint, differing, savedRun } from "./saved_run.ts";

/** The driver that Chromium has too: then kernels are compiled by the same code for the same machine. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

studioTest(
  "a run of the tab goes on in Deno, and one of Deno in the tab, as if nothing had been between",
  (open) =>
    withFolder(async (folder) => {
      const { page, wrong } = await open();
      await page.getByRole("button", { name: "Try the built-in faces" }).click();
      await startTiny(page, { steps: 3 });
      await waitForState(page, "Done");
      const fromTab = await savedRun(page, `${folder}/tab`);
      const whole = `${folder}/whole`;
      await inDeno([whole, fromTab]);
      const unbroken = await checkpoint(whole, 6);
      assertEquals(differing(await checkpoint(fromTab, 6), unbroken), []);
      // Steps change networks, so that equal ones did the same
      assertNotEquals(differing(await checkpoint(whole, 3), unbroken), []);

      await Deno.remove(`${whole}/checkpoints/step-000006`, { recursive: true });
      await page.getByRole("button", { name: "New run" }).click();
      await page.locator("#train .drop-zone input[type=file]").first().setInputFiles(whole);
      await waitForState(page, "Paused");
      assertEquals(await stepShown(page), 3);
      await page.getByText("64 samples at step 3").waitFor();
      await page.getByRole("button", { name: "Continue" }).click();
      await waitForState(page, "Done");
      await page.getByText("64 samples at step 6").waitFor();
      const again = await savedRun(page, `${folder}/again`);
      assertEquals(differing(await checkpoint(again, 6), unbroken), []);
      assertEquals(wrong, []);
    }),
  { needs: SWIFTSHADER },
);

/** Runs the other half of the test. */
async function inDeno(args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./resumed_child.ts", import.meta.url).pathname, ...args],
    env: { NO_COLOR: "1", VK_ICD_FILENAMES: SWIFTSHADER },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

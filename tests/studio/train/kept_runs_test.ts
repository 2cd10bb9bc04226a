/** Runs that the browser keeps. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { withFolder } from "../../support/temp_folder.ts";
import { startTiny, stepShown, studioTest, waitForState } from "../studio.ts";
import { checkpoint, differing, savedRun } from "./saved_run.ts";

/** Steps of a run that is not over before the page is loaded anew. */
const STEPS = 120;

studioTest(
  "a run goes on after its tab was closed in the middle, to the bytes of an unbroken one, and is deleted",
  (open) =>
    withFolder(async (folder) => {
      const { page, wrong } = await open();
      const train = async () => {
        await page.getByRole("button", { name: "Try the built-in faces" }).click();
        await startTiny(page, { steps: STEPS });
      };
      const kept = page.getByRole("region", { name: "Runs in this browser" });
      await train();
      await page.getByText(/Kept in this browser, up to step [1-9]/).waitFor();
      // Nothing asks whether to leave, and nothing ends the run
      await page.reload();

      const facts = await kept.getByRole("listitem").innerText();
      const [, name, step, size] = /^(faces\S*)\s+Step ([\d,]+) of 120 · (\d+) KB · /.exec(facts) ?? [];
      assert(name, facts);
      assert(Number(step) > 0 && Number(step) < STEPS, facts);
      assert(Number(size) > 10, facts);
      await kept.getByRole("button", { name: `Go on: ${name}` }).click();
      await page.getByText(/64 samples at step [1-9]/).waitFor();
      assert(await stepShown(page) >= Number(step));
      await waitForState(page, "Done");
      const broken = await savedRun(page, `${folder}/broken`);

      await page.getByRole("button", { name: "New run" }).click();
      await train();
      await waitForState(page, "Done");
      const unbroken = await savedRun(page, `${folder}/unbroken`);
      assertEquals(differing(await checkpoint(broken, STEPS), await checkpoint(unbroken, STEPS)), []);

      await page.getByRole("button", { name: "New run" }).click();
      await kept.getByRole("listitem").nth(1).waitFor();
      const again = await savedRun(page, `${folder}/again`, `Save: ${name}`);
      assertEquals(differing(await checkpoint(again, STEPS), await checkpoint(broken, STEPS)), []);
      const asked = page.waitForEvent("dialog").then(async (dialog) => {
        await dialog.accept();
        return dialog.message();
      });
      await kept.getByRole("button", { name: `Delete: ${name}` }).click();
      assertMatch(await asked, /^Delete faces\S*\? It cannot be brought back\.$/);
      await page.locator("#status", { hasText: `Deleted ${name}` }).waitFor();
      assertEquals(await kept.getByRole("listitem").count(), 1);
      await page.reload();
      await kept.getByRole("listitem").waitFor();
      assertEquals(await kept.getByRole("listitem").count(), 1);
      assertEquals(wrong, []);
    }),
);

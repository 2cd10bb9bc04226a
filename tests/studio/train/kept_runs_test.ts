/** Runs that the browser keeps. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { withFolder } from "../../support/temp_folder.ts";
import { startTiny, stepShown, studioTest, waitForState } from "../studio.ts";
import { checkpoint, differing, savedRun } from "./saved_run.ts";

studioTest(
  "a run goes on after its tab was closed in the middle, to the bytes of an unbroken one, and is deleted",
  (open) =>
    withFolder(async (folder) => {
      const { page, wrong, url } = await open();
      const train = async (steps: number) => {
        await page.getByRole("button", { name: "Try the built-in faces" }).click();
        await startTiny(page, { steps });
      };
      const kept = page.getByRole("region", { name: "Runs in this browser" });
      await train(100_000);
      await page.getByText(/Kept in this browser, up to step [1-9]/).waitFor();
      // Another tab sees it, and leaves it alone
      const other = await page.context().newPage();
      await other.goto(url);
      await other.getByRole("listitem").getByText("trains in another tab").waitFor();
      assertEquals(await other.getByRole("listitem").getByRole("button").count(), 0);
      await other.close();
      // Nothing asks whether to leave, and nothing ends the run
      await page.reload();

      const facts = await kept.getByRole("listitem").innerText();
      const [, name, step, size] = /^(faces\S*)\s+Step ([\d,]+) of 100,000 · (\d+) KB · /.exec(facts) ?? [];
      assert(name && Number(step) > 0, facts);
      assert(Number(size) > 10, facts);
      await kept.getByRole("button", { name: `Go on: ${name}` }).click();
      await waitForState(page, "Training");
      await page.getByRole("button", { name: "Pause" }).click();
      await waitForState(page, "Paused");
      const steps = await stepShown(page);
      assert(steps > Number(step), `${steps}, after ${step}`);
      await page.getByText(`Kept in this browser, up to step ${steps.toLocaleString("en")}.`).waitFor();
      const broken = await savedRun(page, `${folder}/broken`);

      await page.getByRole("button", { name: "New run" }).click();
      await train(steps);
      await waitForState(page, "Done");
      const unbroken = await savedRun(page, `${folder}/unbroken`);
      assertEquals(differing(await checkpoint(broken, steps), await checkpoint(unbroken, steps)), []);

      await page.getByRole("button", { name: "New run" }).click();
      await kept.getByRole("listitem").nth(1).waitFor();
      const again = await savedRun(page, `${folder}/again`, `Save: ${name}`);
      assertEquals(differing(await checkpoint(again, steps), await checkpoint(broken, steps)), []);
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

studioTest("a run that the browser has no room for stops, and says so", async (open) => {
  const { page, url } = await open();
  const client = await page.context().newCDPSession(page);
  await client.send("Storage.overrideQuotaForOrigin", { origin: new URL(url).origin, quotaSize: 100_000 });
  await page.getByRole("button", { name: "Try the built-in faces" }).click();
  await startTiny(page, { steps: 100_000 });
  const notice = page.locator(".notice.error");
  await notice.getByText("This browser has no room left for the run, so training stopped.").waitFor();
  await notice.getByText("Details").click();
  await notice.getByText(/^Cannot write runs\/faces-1\/.*quota/).waitFor();
  await waitForState(page, "Stopped");
});

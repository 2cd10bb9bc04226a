/** A run goes on in the tab where the command line stopped, and the other way round. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { basename, dirname, join } from "node:path";
import { readSafetensors, type TensorData } from "../../../src/files/safetensors.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { startTiny, stepShown, studioTest, waitForState } from "../studio.ts";
import type { Page } from "playwright-core";

/** The driver that Chromium has too: then kernels are compiled by the same code for the same machine. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Files of a checkpoint that hold tensors. */
const PARTS = ["generator", "discriminator", "training"] as const;

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
      page.once("dialog", (dialog) => dialog.accept());
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

/** Saves the run of a page, and unpacks it. Gives its folder. */
async function savedRun(page: Page, folder: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save the run" }).click(),
  ]);
  const zip = new ZipReader(new Uint8ArrayReader(await Deno.readFile(await download.path())));
  for (const entry of await zip.getEntries()) {
    if (entry.directory) continue;
    const path = join(folder, entry.filename);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, await entry.getData(new Uint8ArrayWriter()));
  }
  return join(folder, basename(download.suggestedFilename(), ".zip"));
}

/** Runs the other half of the test. */
async function inDeno(args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./resumed_child.ts", import.meta.url).pathname, ...args],
    env: { NO_COLOR: "1", VK_ICD_FILENAMES: SWIFTSHADER },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

type Tensors = ReadonlyMap<string, TensorData>;

/** All tensors of a checkpoint. */
async function checkpoint(run: string, step: number): Promise<Tensors> {
  const place = `${run}/checkpoints/step-${String(step).padStart(6, "0")}`;
  const parts = await Promise.all(PARTS.map(async (part) => {
    const { tensors } = await readSafetensors(`${place}/${part}.safetensors`);
    return [...tensors].map(([name, tensor]) => [`${part}.${name}`, tensor] as const);
  }));
  return new Map(parts.flat());
}

/** Names of tensors whose bytes are not equal. */
function differing(some: Tensors, others: Tensors): string[] {
  assertEquals([...some.keys()], [...others.keys()]);
  return [...some].filter(([name, { data }]) => {
    const [bytes, other] = [bytesOf(data), bytesOf(others.get(name)!.data)];
    return bytes.length !== other.length || bytes.some((byte, at) => byte !== other[at]);
  }).map(([name]) => name);
}

function bytesOf({ buffer, byteOffset, byteLength }: TensorData["data"]): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

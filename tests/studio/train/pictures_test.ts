/// <reference lib="dom" />
/** Pictures that are given to the page. */
import { assert, assertEquals } from "@std/assert";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import type { Page } from "playwright-core";
import { openDataset } from "../../../plugins/datasets/mod.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { jpeg, ramp, withOrientation } from "../../pictures/files.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { startTiny, studioTest, waitForState } from "../studio.ts";

/** Edge of the previews, and pictures in a row of them. */
const [EDGE, COLUMNS] = [64, 12];

studioTest(
  "the studio sees the pictures of a folder, a zip and a drop as the command line does, and lists what it skips",
  (open) =>
    withFolder(async (folder) => {
      const photos = `${folder}/photos`;
      const files = await picturesIn(photos);
      const { page, wrong } = await open();
      const inputs = page.locator("#train .drop-zone input[type=file]");
      const expected = await previewOf(photos);

      await inputs.nth(0).setInputFiles(photos);
      await page.locator("#train").getByText("20 pictures", { exact: true }).waitFor();
      assertEquals(await shownPreview(page, 21), expected);
      // It is one that cannot be read
      await page.getByText("1 file was left out").click();
      await page.getByText(/broken\.png/).first().waitFor();
      await page.locator("#train").getByText("it has no IEND chunk").waitFor();

      await page.getByRole("button", { name: "Use other pictures" }).click();
      const zip = `${folder}/photos.zip`;
      await Deno.writeFile(zip, await zipOf(files));
      await inputs.nth(1).setInputFiles(zip);
      await page.locator("#train").getByText("20 pictures", { exact: true }).waitFor();
      assertEquals(await shownPreview(page, 21), expected);

      await page.getByRole("button", { name: "Use other pictures" }).click();
      await drop(page, files);
      await page.locator("#train").getByText("20 pictures", { exact: true }).waitFor();
      assertEquals(await shownPreview(page, 21), expected);

      await startTiny(page, { steps: 2 });
      await waitForState(page, "Done");
      await page.getByRole("button", { name: "New run" }).click();

      // Words that say what to do, and a page that is as it was
      await page.getByRole("button", { name: "Choose a folder" }).waitFor();
      await drop(page, new Map([["notes.txt", new TextEncoder().encode("no picture")]]));
      await page.locator(".notice.error").waitFor();
      assert(await page.getByRole("button", { name: "Choose a folder" }).isVisible());
      assertEquals(wrong, []);
    }),
);

/** Makes a folder of pictures of several kinds, and one that is damaged. Gives its files. */
async function picturesIn(folder: string): Promise<Map<string, Uint8Array>> {
  await Deno.mkdir(folder);
  const sideways = withOrientation(await jpeg(ramp(80, 50)), 6);
  const files = new Map<string, Uint8Array>([
    // One of more than twenty: as many damaged ones as are put up with
    ["broken.png", (await encodePng(ramp(40, 40))).slice(0, -60)],
    ["large.jpg", await jpeg(ramp(211, 173))],
    ["plain.png", await encodePng(ramp(64, 64))],
    ["sideways.jpg", sideways],
    ["small.jpg", await jpeg(ramp(24, 31))],
    ["tall.png", await encodePng(ramp(50, 120))],
  ]);
  for (let at = 0; at < 15; at++) files.set(`more-${at}.png`, await encodePng(ramp(30 + at, 40)));
  for (const [name, bytes] of files) await Deno.writeFile(`${folder}/${name}`, bytes);
  return files;
}

/** What the command line sees in a folder. */
async function previewOf(folder: string): Promise<number[]> {
  // In place of one that is damaged, another is seen
  await using dataset = await openDataset(folder, { size: EDGE, report: () => {} });
  const bytes = new Uint8Array(dataset.length * EDGE * EDGE * 3);
  await dataset.read(Array.from({ length: dataset.length }, (_, at) => at), bytes);
  return [...bytes];
}

/** What the page shows of them. */
async function shownPreview(page: Page, count: number): Promise<number[]> {
  return await page.locator("#train canvas.pictures").first().evaluate((found, [count, edge, columns]) => {
    const { width, height } = found as HTMLCanvasElement;
    // A copy: the page's own canvas is not made for reading
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    context.drawImage(found as HTMLCanvasElement, 0, 0);
    return Array.from({ length: count! }, (_, at) => {
      const [column, row] = [at % columns!, Math.floor(at / columns!)];
      return [...context.getImageData(column * edge!, row * edge!, edge!, edge!).data].filter((_, at) =>
        at % 4 < 3
      );
    }).flat();
  }, [count, EDGE, COLUMNS]);
}

async function zipOf(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter());
  for (const [name, bytes] of files) await zip.add(`photos/${name}`, new Uint8ArrayReader(bytes));
  return await zip.close();
}

/** Drops files on the page. */
async function drop(page: Page, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const transfer = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of files) transfer.items.add(new File([Uint8Array.from(bytes)], name));
    return transfer;
  }, [...files].map(([name, bytes]) => [name, [...bytes]] as const));
  await page.locator("#train .drop-zone").dispatchEvent("drop", { dataTransfer: transfer });
}

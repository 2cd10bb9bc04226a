/// <reference lib="dom" />
import { assertEquals } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { openGenerator } from "../../src/dcgan/explore/open_generator.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { sharedDevice } from "../support/gpu.ts";
import { trainTiny } from "../dcgan/tiny.ts";

const made = new Map<string, Promise<string>>();

/** The folder of a tiny trained run, `tiny-run`, made once for all tests of a process. */
export function tinyRun(options: TrainOptions = {}): Promise<string> {
  const key = JSON.stringify(options);
  const found = made.get(key) ?? (async () => {
    const folder = await Deno.makeTempDir({ prefix: "dcgan-studio-run-" });
    addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
    const out = `${folder}/tiny-run`;
    await trainTiny(await sharedDevice(), { data: "faces", steps: 2, out, ...options });
    return out;
  })();
  made.set(key, found);
  return found;
}

/** The file of a run's generator. */
export function generatorOf(run: string): string {
  return `${run}/checkpoints/step-000002/generator.safetensors`;
}

/** The view of a page, once a run's folder or a file is open in it. */
export async function openIn(page: Page, view: "explore" | "inside", path: string) {
  await page.locator(`#tab-${view}`).click();
  const section = page.locator(`#${view}`);
  const isFile = path.endsWith(".safetensors");
  await section.locator(".source input[type=file]").nth(isFile ? 0 : 1).setInputFiles(path);
  await section.locator(".tile").first().waitFor();
  return section;
}

/** Red, green and blue of the pixels of a canvas. */
export async function pixelsOf(canvas: Locator): Promise<Uint8Array> {
  const values = await canvas.evaluate((found) => {
    const { width, height } = found as HTMLCanvasElement;
    // A copy: the page's own canvas is not made for reading
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(found as HTMLCanvasElement, 0, 0);
    return [...copy.getImageData(0, 0, width, height).data].filter((_, at) => at % 4 < 3);
  });
  return Uint8Array.from(values);
}

/** The largest difference of two pictures: engines round differently. */
export function apart(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`Pictures of ${a.length} and ${b.length} bytes`);
  return a.reduce((most, level, at) => Math.max(most, Math.abs(level - b[at]!)), 0);
}

/** How far levels may be from those of another engine. */
export const NEAR = 2;

/** What the library draws of a tiny run. */
export async function withGenerator<T>(
  run: string,
  task: (
    latents: (seed: number, at: number) => Float32Array,
    draw: (latent: Float32Array) => Promise<Uint8Array>,
  ) => Promise<T>,
): Promise<T> {
  using generator = await openGenerator(await sharedDevice(), run);
  const { latent } = generator;
  return await task(
    (seed, at) => generator.latents(seed, at + 1).slice(at * latent),
    (vector) => generator.draw(vector),
  );
}

/** Presses a button, and gives the bytes that are saved. */
export async function saved(page: Page, button: Locator, name: string): Promise<Uint8Array> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  assertEquals(download.suggestedFilename(), name);
  return await Deno.readFile(await download.path());
}

/** Waits until a check holds. */
export async function eventually(check: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`It never came to this: ${what}`);
}

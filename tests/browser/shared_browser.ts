/** Chromium for tests of pages, if this machine has it. */
import { type Browser, chromium } from "playwright-core";
import { findChromium } from "../../scripts/chromium.ts";

const executablePath = findChromium();

/** What the name of a test says that is skipped as there is no browser; nothing where there is one. */
export const NO_BROWSER: string = executablePath === undefined
  ? " (skipped: this machine has no Chromium)"
  : "";

/** With WebGPU, without it, or as it is. */
export type Gpu = "--enable-unsafe-webgpu" | "--disable-gpu" | undefined;

/**
 * Milliseconds that a page may take for anything. It shares its cores with a software GPU and with other tests, so this only
 * ends a test that would wait for good.
 */
export const PATIENCE = 180_000;

const browsers = new Map<Gpu, Promise<Browser>>();

/**
 * The browser of all tests of a file: one takes a while to start, and keeps kernels that it has compiled. Give each
 * test a context of its own, and close that.
 */
export function sharedBrowser(gpu: Gpu): Promise<Browser> {
  return browsers.getOrInsertComputed(gpu, () =>
    chromium.launch({
      executablePath: executablePath!,
      // Its own sandbox does not work for root, as whom containers run
      args: ["--no-sandbox", ...gpu === undefined ? [] : [gpu]],
    }));
}

Deno.test.afterAll(async () => {
  for (const browser of browsers.values()) await (await browser).close();
});

/// <reference lib="dom" />
/** The studio page in a real browser, for tests. */
import { existsSync } from "node:fs";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { NO_BROWSER, PATIENCE, sharedBrowser } from "../browser/shared_browser.ts";
import { buildStudio, DIST } from "../../studio/build/build.ts";
import "../../src/host/on_native.ts";
import { startStudioServer } from "../../src/dcgan/serve/serve_studio.ts";

/** How the page is opened. */
export interface Look {
  /** Pixels across. */
  readonly width?: number;
  /** What the system prefers. */
  readonly scheme?: "light" | "dark";
  /** Whether it is opened as a file of the disk, and not from a server. */
  readonly fromDisk?: boolean;
}

/** An open page, and what went wrong in it so far. */
export interface Studio {
  readonly page: Page;
  /** Errors in the console, and requests for anything but the page's own files. */
  readonly wrong: string[];
  /** The server's address. */
  readonly url: string;
}

/** What a browser may do. */
interface Browsing {
  /** A file of this machine, without which the test is skipped. */
  readonly needs?: string;
  /** Without WebGPU, as older browsers. */
  readonly withoutGpu?: boolean;
}

let built: Promise<URL> | undefined;

/** The page: as `deno task test` has built it, or built once for all tests of a file, in a folder of its own. */
export function builtStudio(): Promise<URL> {
  return built ??= (async () => {
    if (Deno.env.get("DCGAN_STUDIO_BUILT") === "1") return DIST;
    const folder = new URL(`file://${await Deno.makeTempDir({ prefix: "dcgan-studio-test-" })}/`);
    addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
    await buildStudio(folder);
    return folder;
  })();
}

/** A test with the page in a browser. It is skipped, and says so in its name, where there is none. */
export function studioTest(
  name: string,
  body: (open: (look?: Look) => Promise<Studio>) => Promise<void>,
  { withoutGpu = false, needs }: Browsing = {},
): void {
  const skipped = NO_BROWSER ||
    (needs !== undefined && !existsSync(needs) ? ` (skipped: this machine has no ${needs})` : "");
  Deno.test({
    name: name + skipped,
    ignore: skipped !== "",
    fn: async () => {
      const folder = await builtStudio();
      const page = await Deno.readTextFile(new URL("index.html", folder));
      const { url, end } = await startStudioServer(page, "127.0.0.1", 0);
      const browser = await sharedBrowser(withoutGpu ? "--disable-gpu" : "--enable-unsafe-webgpu");
      // Each page of a test has files and settings of its own
      const contexts: BrowserContext[] = [];
      try {
        await body((look) => openIn(browser, contexts, url, folder, look));
      } finally {
        for (const context of contexts) await context.close();
        await end(0);
      }
    },
    // The browser's pipes close in their own time
    sanitizeOps: false,
    sanitizeResources: false,
  });
}

async function openIn(
  browser: Browser,
  contexts: BrowserContext[],
  url: string,
  folder: URL,
  { width = 1280, scheme = "light", fromDisk = false }: Look = {},
): Promise<Studio> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !isKnown(message.text())) wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  const own = fromDisk ? new URL("index.html", folder).href : url;
  page.on("request", (request) => {
    const asked = request.url();
    const isOwn = fromDisk ? asked === own : asked.startsWith(url);
    if (!isOwn && !/^(data|blob):/.test(asked)) wrong.push(`request for ${asked}`);
  });
  await page.goto(own);
  return { page, wrong, url };
}

/** What Chromium itself says of software adapters. */
function isKnown(message: string): boolean {
  return /WebGPU is experimental|powerPreference option is currently ignored/.test(message);
}

/** What a tiny run is given. */
export interface TinyRun {
  readonly steps?: number;
  readonly recipe?: string;
}

/** Fills the form for a run that takes seconds, and starts it. */
export async function startTiny(page: Page, { steps = 4, recipe = "pytorch" }: TinyRun = {}): Promise<void> {
  await page.getByLabel("Size of the pictures").selectOption("16");
  await page.getByLabel("Recipe").selectOption(recipe);
  await page.getByText("More settings").click();
  await page.getByLabel("Steps, instead of minutes").fill(`${steps}`);
  await page.getByLabel("Pictures in a step").fill("4");
  await page.getByLabel("Width of the generator").fill("4");
  await page.getByLabel("Width of the discriminator").fill("4");
  await page.getByRole("button", { name: "Start training" }).click();
}

/** Waits until the run says that it is in a state. */
export async function waitForState(page: Page, state: string): Promise<void> {
  await page.locator(".state", { hasText: new RegExp(`^${state}$`) }).waitFor();
}

/** Steps that the page says are done. */
export async function stepShown(page: Page): Promise<number> {
  const text = await page.locator(".run .number").first().innerText();
  return Number(/^Step ([\d,]+) of/.exec(text)![1]!.replaceAll(",", ""));
}

/** Shows a page on a phone, a tablet and a screen, light and dark, and fails where it does not fit. */
export async function expectToFit(page: Page): Promise<void> {
  for (const [width, colorScheme] of [[320, "dark"], [768, "light"], [1440, "dark"]] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    if (scroll > client) throw new Error(`The page is ${scroll} wide at ${width}`);
  }
}

/** What has no name for screen readers in a view: buttons and controls. */
export function nameless(view: Locator): Promise<string[]> {
  return view.evaluate((section) =>
    [...section.querySelectorAll<HTMLElement>("button, [role=button], select, input:not([aria-hidden])")]
      .filter((control) =>
        !control.getAttribute("aria-label") && !control.textContent?.trim() &&
        !((control as HTMLInputElement).labels?.length) && control.offsetParent
      ).map((control) => control.outerHTML)
  );
}

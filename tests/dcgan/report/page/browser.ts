/** A real browser for tests of pages: Chromium, if this machine has one. */
import type { BrowserContext, Page } from "playwright-core";
import { NO_BROWSER, PATIENCE, sharedBrowser } from "../../../browser/shared_browser.ts";

/** How a page is opened. */
export interface Look {
  /** Pixels across. */
  readonly width?: number;
  /** What the system prefers. */
  readonly scheme?: "light" | "dark";
}

/** An open page, and what went wrong in it so far. */
export interface OpenPage {
  readonly page: Page;
  /** Errors in the console, and requests for anything but the page and its own pictures. */
  readonly wrong: string[];
}

/** What pages of a test need. */
export interface Needs {
  /** Whether they draw with WebGPU. */
  readonly webgpu?: boolean;
  /** Whether pages that are opened from a disk load files beside them. */
  readonly files?: boolean;
}

/** Opens pages of one browser. */
export type Opener = (url: string, look?: Look) => Promise<OpenPage>;

/** A test with a browser. It is skipped, and says so in its name, where there is none. */
export function browserTest(name: string, body: (open: Opener) => Promise<void>, needs: Needs = {}): void {
  Deno.test({
    name: name + NO_BROWSER,
    ignore: NO_BROWSER !== "",
    fn: async () => {
      const browser = await sharedBrowser(needs.webgpu ? "--enable-unsafe-webgpu" : undefined);
      const context = await browser.newContext();
      try {
        await body((url, look) => openIn(context, url, needs, look));
      } finally {
        await context.close();
      }
    },
    // The browser's pipes close in their own time
    sanitizeOps: false,
    sanitizeResources: false,
  });
}

async function openIn(
  context: BrowserContext,
  url: string,
  { files }: Needs,
  { width = 1280, scheme = "light" }: Look = {},
): Promise<OpenPage> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => {
    const asked = request.url();
    const isOwn = !url.startsWith("file:")
      ? new URL(asked).origin === new URL(url).origin
      : files
      ? asked.startsWith(new URL("./", url).href)
      : asked === url;
    if (!isOwn && !/^(data|blob):/.test(asked)) wrong.push(`request for ${asked}`);
  });
  await page.goto(url);
  return { page, wrong };
}

import { createHash } from "node:crypto";
import { bundle } from "./bundle.ts";

/** Where the page's sources are. */
const SOURCES = new URL("../", import.meta.url);

/** Where the page is built to, if nothing else is said. */
export const DIST: URL = new URL("dist/", SOURCES);

/** Styles, in the order in which later ones win. */
const STYLES = [
  "styles/base.css",
  "styles/shell.css",
  "train/train.css",
  "explore/explore.css",
  "inside/inside.css",
];

/**
 * Builds the page into one file, `index.html`, with styles, scripts and the worker in it, so that it also opens
 * from the disk.
 *
 * @param out Folder for it; made if there is none.
 */
export async function buildStudio(out: URL = DIST): Promise<void> {
  const [page, main, worker, ...styles] = await Promise.all([
    Deno.readTextFile(new URL("index.html", SOURCES)),
    bundle(new URL("main.ts", SOURCES)),
    bundle(new URL("engine/worker.ts", SOURCES)),
    Deno.readTextFile(new URL(import.meta.resolve("uplot/dist/uPlot.min.css"))),
    ...STYLES.map((path) => Deno.readTextFile(new URL(path, SOURCES))),
  ]);
  const html = fill(page, {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy(main)}">`,
    style: `<style>\n${styles.join("\n")}</style>`,
    scripts: `<script type="text/plain" id="worker">${inScript(worker)}</script>\n` +
      `    <script type="module">${inScript(main)}</script>`,
  });
  await Deno.mkdir(out, { recursive: true });
  await Deno.writeTextFile(new URL("index.html", out), html);
}

/**
 * What the page may do: run its own script and worker, show what it draws, and ask the server that it came from,
 * which may have a generator for it (`serve`). Nothing else on the network. The worker is started from a blob,
 * and has the same policy.
 */
function policy(main: string): string {
  const hash = createHash("sha256").update(inScript(main)).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}' 'wasm-unsafe-eval' blob:`,
    "worker-src blob: 'self'",
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "manifest-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Text that may stand in a script element: nothing in it ends the element. */
function inScript(text: string): string {
  return text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

/** Replaces `<!-- name -->`. Each must be there once. */
function fill(page: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((html, [name, part]) => {
    const pieces = html.split(`<!-- ${name} -->`);
    if (pieces.length !== 2) {
      throw new Error(
        `Cannot build the page: index.html must have <!-- ${name} --> once, found ${pieces.length - 1}`,
      );
    }
    return pieces.join(part);
  }, page);
}

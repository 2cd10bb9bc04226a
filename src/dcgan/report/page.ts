import { host } from "../../host/host.ts";
import { escapeHtml } from "../../pictures/notebook/html.ts";
import type { Report } from "./report.ts";

/** What a page is made of besides the report. */
interface PageParts {
  readonly style: string;
  readonly script: string;
}

let parts: Promise<PageParts> | undefined;

/** Styles, then scripts in the order in which they run. */
const TEXTS = [
  "uplot/dist/uPlot.min.css",
  "./page/page.css",
  "./page/charts.css",
  "./page/choose.css",
  "uplot/dist/uPlot.iife.min.js",
  "./page/numbers.js",
  "./page/chart.js",
  "./page/charts.js",
  "./page/choose.js",
  "./page/samples.js",
  "./page/tables.js",
  "./page/main.js",
] as const;

/** Loads them with the first page: most commands make none. */
async function loadParts(): Promise<PageParts> {
  const texts = host().kind === "node" ? await readTexts() : await importTexts();
  const those = (ending: string) => texts.filter((_, i) => TEXTS[i]!.endsWith(ending)).join("\n");
  return { style: those(".css"), script: those(".js") };
}

/** Bundlers need each name as it is. */
async function importTexts(): Promise<string[]> {
  const modules = await Promise.all([
    import("uplot/dist/uPlot.min.css", { with: { type: "text" } }),
    import("./page/page.css", { with: { type: "text" } }),
    import("./page/charts.css", { with: { type: "text" } }),
    import("./page/choose.css", { with: { type: "text" } }),
    import("uplot/dist/uPlot.iife.min.js", { with: { type: "text" } }),
    import("./page/numbers.js", { with: { type: "text" } }),
    import("./page/chart.js", { with: { type: "text" } }),
    import("./page/charts.js", { with: { type: "text" } }),
    import("./page/choose.js", { with: { type: "text" } }),
    import("./page/samples.js", { with: { type: "text" } }),
    import("./page/tables.js", { with: { type: "text" } }),
    import("./page/main.js", { with: { type: "text" } }),
  ]);
  return modules.map(({ default: text }) => {
    if (typeof text === "string") return text;
    throw new Error(
      `Cannot make a report: the bundler must import files as texts where "with { type: 'text' }" asks for it`,
    );
  });
}

/** Node cannot import texts, but says where they are. */
async function readTexts(): Promise<string[]> {
  return await Promise.all(TEXTS.map((name) => host().readTextFile(new URL(import.meta.resolve(name)))));
}

/** Options of {@linkcode pageOf}. */
export interface PageOptions {
  /**
   * Whether a server sends the page changes as they happen.
   *
   * @default {false}
   */
  live?: boolean;
}

/**
 * The page of a report as HTML. It loads nothing: a content security policy in the page allows its own script
 * and style by their checksums, and besides pictures that it holds itself. A live page may also ask the
 * server that it came from.
 */
export async function pageOf(report: Report, { live = false }: PageOptions = {}): Promise<string> {
  const { style, script } = await (parts ??= loadParts());
  const own = live ? "'self' " : "";
  const policy = [
    "default-src 'none'",
    `img-src ${own}data:`,
    `style-src 'sha256-${sha256(style)}'`,
    `script-src 'sha256-${sha256(script)}'`,
    ...live ? ["connect-src 'self'"] : [],
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<!doctype html>
<html lang="en"${live ? " data-live" : ""}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(report.title)}: how training went</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main id="page"></main>
<noscript><p>The curves and the samples need JavaScript. The run folder has them as pictures: metrics.png and samples.</p></noscript>
<script type="application/json" id="report">${jsonInHtml(report)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** A page that waits for a run to begin, and then becomes that of the run. */
export function waitingPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Waiting for the run</title>
</head>
<body><p>The run has not begun: its data is being opened, or steps are being timed. This page waits for it.</p></body>
</html>
`;
}

/** JSON that ends no script element, whatever is in it. */
export function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function sha256(text: string): string {
  return host().sha256().update(text).digest("base64");
}

import { escapeHtml } from "../../../pictures/notebook/html.ts";
import type { ExportedRun } from "../networks.ts";
import { originText } from "../origin_text.ts";
import { SOFTWARE } from "../software.ts";
import { WEIGHTS } from "../torch/model_script.ts";
import { type FolderFile, textFile } from "../write_folder.ts";

/** The page's script, bundled. */
export const PAGE_SCRIPT: URL = new URL("./dist/sampler.js", import.meta.url);

/**
 * Bytes of weights up to which they are written as a script too: a page that is opened from a disk may load scripts, and no
 * other files.
 */
const MOST_IN_SCRIPT = 16 * 2 ** 20;

/** What the page may do: run its script, show what it draws, and load what lies beside it. */
const POLICY = [
  "default-src 'none'",
  // The second is for pages that are opened from a disk
  "script-src 'self' file:",
  "connect-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/**
 * The files of a page that draws from a generator in the browser.
 *
 * @param weights The generator's safetensors file.
 * @throws {Error} if the page's script was not built, as in a new clone.
 */
export async function webFiles(run: ExportedRun, weights: Uint8Array<ArrayBuffer>): Promise<FolderFile[]> {
  const hasScript = weights.length <= MOST_IN_SCRIPT;
  const { name } = run.origin;
  const [page, style, script] = await Promise.all([
    import("./page/index.html", { with: { type: "text" } }),
    import("./page/page.css", { with: { type: "text" } }),
    readScript(),
  ]);
  const model = { name: name.replace(/[^\w.-]+/g, "-").replace(/\.safetensors$/, ""), hasScript };
  const html = filled(page.default, {
    policy: POLICY,
    title: escapeHtml(name),
    style: style.default,
    origin: escapeHtml(originText(run)),
    software: escapeHtml(`${SOFTWARE.name} ${SOFTWARE.version}`),
    model: escapeHtml(JSON.stringify(model)),
  });
  return [
    textFile("index.html", html),
    textFile("sampler.js", script),
    { name: WEIGHTS.generator, content: [weights] },
    ...hasScript ? [textFile("generator.js", `generatorWeights="${weights.toBase64()}";\n`)] : [],
  ];
}

async function readScript(): Promise<string> {
  try {
    // As a module of the package, it may be read without permission
    return (await import("./dist/sampler.js", { with: { type: "text" } })).default;
  } catch (cause) {
    throw new Error(
      "Cannot export a page: its script must be built first, found none. In a clone, run: deno task web-page",
      { cause },
    );
  }
}

/** A page with its parts, each of which it names at least once: `<!-- title -->`. */
function filled(page: string, parts: Readonly<Record<string, string>>): string {
  return page.replace(/<!-- (\w+) -->/g, (whole, name) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`The page has no part for ${whole}`);
    return part;
  });
}

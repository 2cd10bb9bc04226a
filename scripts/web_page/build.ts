/**
 * Builds the script of the page that `export --format web` writes: `deno task web-page`. The package has it, as exporting
 * cannot build it.
 */
import { PAGE_SCRIPT } from "../../src/dcgan/export/web/web_files.ts";
import { bundle } from "../runtimes/bundle.ts";

const ENTRY = new URL("./entry.ts", import.meta.url);

/**
 * Bundles the page's script into one that runs as it is, also from a disk, where modules may not be loaded. It is not
 * minified, see studio/build/bundle.ts.
 *
 * @throws {Error} with what `deno bundle` says, if it cannot.
 */
export async function buildPage(out: URL = PAGE_SCRIPT): Promise<void> {
  const script = await bundle(ENTRY);
  await Deno.mkdir(new URL("./", out), { recursive: true });
  await Deno.writeTextFile(out, `(() => {\n${script}})();\n`);
}

if (import.meta.main) await buildPage();

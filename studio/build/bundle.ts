/**
 * What takes the place of a module's own address: the page is one file, in which modules have none. A module
 * that looks for another file from there, such as a worker's, finds none and does without.
 */
const ADDRESS = "https://studio.invalid/src/module.js";

/**
 * The script of a module and all that it imports, for browsers, as one that runs anywhere: as a module, or as a
 * plain worker. It is not minified: `deno bundle --minify` (esbuild 0.25.5) forgets to dispose a variable of
 * `using` that is used once, in the statement that follows, so that locks stay and GPU memory leaks.
 *
 * @throws {Error} if it imports what browsers do not have.
 */
export async function bundle(entry: URL): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "dcgan-studio-" });
  try {
    const out = `${folder}/out.js`;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--platform=browser", `--output=${out}`, entry.href],
    }).output();
    if (!success) throw new Error(`Cannot bundle ${entry}: ${new TextDecoder().decode(stderr)}`);
    const script = await Deno.readTextFile(out);
    const meta = `const $meta={url:${JSON.stringify(ADDRESS)}};`;
    return `(()=>{${meta}${script.replaceAll("import.meta", "$meta")}\n})();`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

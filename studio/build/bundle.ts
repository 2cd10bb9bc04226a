import config from "../../deno.json" with { type: "json" };

/** Modules that browsers cannot load, and what takes their place there. */
const REPLACED: Readonly<Record<string, string>> = {
  "imagescript": import.meta.resolve("./nothing.ts"),
  [import.meta.resolve("../../src/pictures/films/webp_module.js")]: import.meta.resolve("./nothing.ts"),
};

/** The module that is the decoder of JPEG, as WebAssembly. */
const DECODER = import.meta.resolve("../../src/pictures/jpeg/mozjpeg_module.js");

/**
 * What takes the place of a module's own address: the page is one file, in which modules have none. A module
 * that looks for another file from there, such as a worker's, finds none and does without.
 */
const ADDRESS = "https://studio.invalid/src/module.js";

/**
 * The script of a module and all that it imports, for browsers, as one that runs anywhere: as a module, or as a
 * plain worker.
 */
export async function bundle(entry: URL): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "dcgan-studio-" });
  try {
    const decoder = `${folder}/mozjpeg_module.ts`;
    await Deno.writeTextFile(decoder, await decoderModule());
    const map = `${folder}/import_map.json`;
    const imports = { ...config.imports, ...REPLACED, [DECODER]: new URL(`file://${decoder}`).href };
    await Deno.writeTextFile(map, JSON.stringify({ imports }));
    const out = `${folder}/out.js`;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        `--import-map=${map}`,
        "--platform=browser",
        "--minify",
        `--output=${out}`,
        entry.href,
      ],
    }).output();
    if (!success) throw new Error(`Cannot bundle ${entry}: ${new TextDecoder().decode(stderr)}`);
    const script = await Deno.readTextFile(out);
    const meta = `const $meta={url:${JSON.stringify(ADDRESS)}};`;
    return `(()=>{${meta}${script.replaceAll("import.meta", "$meta")}\n})();`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A module that holds the decoder of JPEG itself, as a page cannot read it from a file. */
async function decoderModule(): Promise<string> {
  const file = new URL(import.meta.resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"));
  const text = (await Deno.readFile(file)).toBase64();
  return `export default new WebAssembly.Module(Uint8Array.from(atob("${text}"), (letter) => letter.charCodeAt(0)));`;
}

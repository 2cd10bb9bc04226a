import config from "../../deno.json" with { type: "json" };

/** Modules that browsers cannot load, and what takes their place there. */
const REPLACED: Readonly<Record<string, string>> = {
  "imagescript": "./nothing.ts",
  "../../src/pictures/jpeg/mozjpeg_module.js": "./nothing.ts",
  "../../src/pictures/films/webp_module.js": "./nothing.ts",
};

const here = (path: string): string => new URL(path, import.meta.url).href;

/**
 * The script of a module and all that it imports, for browsers, as one that runs anywhere: as a module, or as a
 * plain worker.
 */
export async function bundle(entry: URL): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "dcgan-studio-" });
  try {
    const replaced = Object.entries(REPLACED).map(([name, by]) => [
      name.startsWith(".") ? here(name) : name,
      here(by),
    ]);
    const map = `${folder}/import_map.json`;
    await Deno.writeTextFile(
      map,
      JSON.stringify({ imports: { ...config.imports, ...Object.fromEntries(replaced) } }),
    );
    const out = `${folder}/out.js`;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        `--import-map=${map}`,
        "--platform=browser",
        "--format=iife",
        "--minify",
        `--output=${out}`,
        entry.href,
      ],
    }).output();
    if (!success) throw new Error(`Cannot bundle ${entry}: ${new TextDecoder().decode(stderr)}`);
    return await Deno.readTextFile(out);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

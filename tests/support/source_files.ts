/** The project's own source files, for tests of house rules. */

const root = new URL("../../", import.meta.url);

/** The text of a file, by its path from the root. */
export function readSource(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, root));
}

/** Paths from the root of all TypeScript files under a folder. */
export async function* sources(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(folder, root))) {
    if (entry.isDirectory) yield* sources(`${folder}${entry.name}/`);
    else if (entry.name.endsWith(".ts")) yield folder + entry.name;
  }
}

/** What {@linkcode importsOf} counts. */
export interface ImportsOptions {
  /**
   * Count types, which are gone at run time.
   *
   * @default {true}
   */
  readonly types?: boolean;
  /**
   * Count URLs made from relative paths, as of workers and of programs that a test starts.
   *
   * @default {false}
   */
  readonly urls?: boolean;
}

/** Paths from the root of the project's files that a file imports, dynamic imports included. */
export async function importsOf(
  path: string,
  { types = true, urls = false }: ImportsOptions = {},
): Promise<string[]> {
  let text = (await readSource(path)).replaceAll(/\/\*[\s\S]*?\*\//g, "");
  if (!types) text = text.replaceAll(/^(?:import|export) type [\s\S]*?;$/gm, "");
  const imports = [...text.matchAll(/(?:\bfrom|^\s*import|\bimport\()\s*"(\.[^"]+)"/gm)];
  if (urls) imports.push(...text.matchAll(/\bnew URL\(\s*"([^"\s]+\.ts)"/g));
  return imports.map(([, specifier = ""]) => {
    const { href } = new URL(specifier, new URL(path, root));
    return href.startsWith(root.href) ? href.slice(root.href.length) : href;
  });
}

/**
 * The system's lists of packages, made into lists of their sources: files of apt's folder, by the name they need in a
 * folder of such files.
 */
export async function sourceEntries(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const add = async (path: string, name: string): Promise<void> => {
    const text = await Deno.readTextFile(path).catch(() => undefined);
    if (text !== undefined) found.set(name, asSources(text, name));
  };
  await add(`${folder}/sources.list`, "main.list");
  try {
    for await (const { name } of Deno.readDir(`${folder}/sources.list.d`)) {
      if (/\.(list|sources)$/.test(name)) await add(`${folder}/sources.list.d/${name}`, name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}

/** One file of either kind: lines that begin with `deb`, or paragraphs with a field `Types`. */
export function asSources(text: string, name: string): string {
  return name.endsWith(".sources")
    ? text.replace(/^Types:.*$/gm, "Types: deb-src")
    : text.replace(/^\s*deb(-src)?\s/gm, "deb-src ");
}

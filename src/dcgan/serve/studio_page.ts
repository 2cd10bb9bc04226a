/** Where `deno task studio` builds the page. */
const BUILT = new URL("../../../studio/dist/index.html", import.meta.url);

/**
 * The studio's page, one file with all that it needs; undefined if it is not built here, or may not be read.
 *
 * @param place Where it is looked for.
 */
export async function studioPage(place: URL = BUILT): Promise<string | undefined> {
  try {
    // An import, unlike reading a file, also finds it where this module came from a registry
    const { default: page } = await import(place.href, { with: { type: "text" } });
    return page as string;
  } catch {
    return undefined;
  }
}

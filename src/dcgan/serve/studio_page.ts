import type { LatentDistribution } from "../networks/latent.ts";

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

/**
 * The page as it is served with a generator: it may read that from its own server and from nowhere else, and
 * opens on it.
 *
 * @param page That of {@linkcode studioPage}.
 * @param latents What the generator's latent vectors are drawn from, which its file does not say.
 */
export function withGenerator(page: string, latents: LatentDistribution): string {
  const meta = `<meta name="dcgan-generator" content="./generator.safetensors" data-latents="${latents}">`;
  return page.replace("connect-src 'none'", "connect-src 'self'").replace("<title>", `${meta}<title>`);
}

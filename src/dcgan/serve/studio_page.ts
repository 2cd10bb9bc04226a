import { isNamed, tagged } from "./entity_tag.ts";
import { type Answer, answer, type Asked } from "./http/answer.ts";
import type { LatentDistribution } from "../networks/latent.ts";

/** Where `deno task studio` builds the page. */
export const STUDIO_PAGE: URL = new URL("../../../studio/dist/index.html", import.meta.url);

/**
 * The studio's page, one file with all that it needs; undefined if it is not built here, or may not be read.
 *
 * @param place Where it is looked for.
 */
export async function studioPage(place: URL = STUDIO_PAGE): Promise<string | undefined> {
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
  return page.replace("<title>", `${meta}<title>`);
}

/** The page, whose policy is in it. Only what a page cannot say of itself is added. */
export function studioAnswer(page: string, asked: Asked): Answer {
  const etag = tagged([page]);
  const headers = { "cache-control": "no-cache", etag, "content-security-policy": "frame-ancestors 'none'" };
  if (isNamed(etag, asked.header("if-none-match"))) return { status: 304, headers };
  return answer(200, page, "text/html; charset=utf-8", headers);
}

import { cacheAdvice, userCache } from "../../../src/files/user_cache.ts";

/**
 * Folder for downloads: `x-dcgan/datasets` among the user's caches.
 *
 * @returns `undefined` if the user's caches are not known: nothing is kept then.
 */
export function cacheDir(): string | undefined {
  return userCache("datasets");
}

/** Why there is no folder for downloads, and what to do, as the end of a sentence. */
export function noCacheDir(): string {
  return `the user's folder for caches is not known: ${cacheAdvice()}`;
}

import { userCache } from "../../../src/user_cache.ts";

/** Folder for downloads: `x-dcgan/datasets` among the user's caches, or among temporary files where none are known. */
export function cacheDir(): string {
  return userCache("datasets");
}

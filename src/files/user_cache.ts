import { host } from "../host/host.ts";
import { isAbsolute, join } from "../host/paths.ts";

/** Variables of the environment that say where the user's caches are. */
function variables(): readonly string[] {
  const { system } = host();
  if (system === "windows") return ["LOCALAPPDATA"];
  return system === "darwin" ? ["HOME"] : ["XDG_CACHE_HOME", "HOME"];
}

/**
 * The folder `x-dcgan` in the user's folder for caches: `XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches` on
 * macOS, `%LOCALAPPDATA%` on Windows, `/.cache` in a page. `undefined` if none of these is known or the environment may not be
 * read: a folder for temporary files would be no place, as everybody may write there, and the first to do so
 * decides what it holds.
 */
export function userCacheRoot(): string | undefined {
  const folder = userCacheDir();
  return folder && join(folder, "x-dcgan");
}

/** A folder `x-dcgan/NAME` in the user's folder for caches, if that is known. */
export function userCache(name: string): string | undefined {
  const root = userCacheRoot();
  return root && join(root, name);
}

/** What to do if the user's folder for caches is not known, as the end of a sentence. */
export function cacheAdvice(): string {
  const names = variables();
  return names.every((variable) => host().may("env", variable))
    ? `set ${names.join(" or ")}`
    : `allow the program to look for it with --allow-env=${names.join(",")}`;
}

function userCacheDir(): string | undefined {
  const { system } = host();
  if (system === "browser") return "/.cache";
  if (system === "windows") return env("LOCALAPPDATA");
  const home = env("HOME");
  if (system === "darwin") return home && join(home, "Library", "Caches");
  return env("XDG_CACHE_HOME") ?? (home && join(home, ".cache"));
}

/**
 * The path in a variable; `undefined` if it is missing, from the current folder, or may not be read unasked.
 */
function env(variable: string): string | undefined {
  const path = host().env(variable);
  return path && isAbsolute(path) ? path : undefined;
}

import { isAbsolute, join } from "node:path";

/** Variables of the environment that say where the user's caches are. */
const VARIABLES: readonly string[] = Deno.build.os === "windows"
  ? ["LOCALAPPDATA"]
  : Deno.build.os === "darwin"
  ? ["HOME"]
  : ["XDG_CACHE_HOME", "HOME"];

/**
 * The folder `x-dcgan` in the user's folder for caches: `XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches` on
 * macOS, `%LOCALAPPDATA%` on Windows. `undefined` if none of these is known or the environment may not be
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
  const names = VARIABLES.join(",");
  return VARIABLES.every((variable) => mayRead(variable))
    ? `set ${VARIABLES.join(" or ")}`
    : `allow the program to look for it with --allow-env=${names}`;
}

function userCacheDir(): string | undefined {
  if (Deno.build.os === "windows") return env("LOCALAPPDATA");
  const home = env("HOME");
  if (Deno.build.os === "darwin") return home && join(home, "Library", "Caches");
  return env("XDG_CACHE_HOME") ?? (home && join(home, ".cache"));
}

function mayRead(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
}

/**
 * The path in a variable; `undefined` if it is missing, from the current folder, or may not be read unasked.
 */
function env(variable: string): string | undefined {
  const path = mayRead(variable) ? Deno.env.get(variable) : undefined;
  return path && isAbsolute(path) ? path : undefined;
}

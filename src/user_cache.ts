import { join } from "node:path";

/**
 * A folder `x-dcgan/NAME` in the user's folder for caches (`XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches` on macOS,
 * `%LOCALAPPDATA%` on Windows), or in the folder for temporary files where none of these is known or the environment may
 * not be read.
 */
export function userCache(name: string): string {
  return join(userCacheDir() ?? (Deno.build.os === "windows" ? "C:\\Temp" : "/tmp"), "x-dcgan", name);
}

function userCacheDir(): string | undefined {
  if (Deno.build.os === "windows") return env("LOCALAPPDATA");
  const home = env("HOME");
  if (Deno.build.os === "darwin") return home && join(home, "Library", "Caches");
  return env("XDG_CACHE_HOME") ?? (home && join(home, ".cache"));
}

/** A variable of the environment; `undefined` where it is missing, empty, or may not be read without a question. */
function env(variable: string): string | undefined {
  if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return undefined;
  return Deno.env.get(variable) || undefined;
}

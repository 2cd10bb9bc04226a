import "../../src/host/on_native.ts";
import { dirname } from "node:path";
import { userCacheRoot } from "../../src/files/user_cache.ts";

/** What `deno info` says of where Deno keeps what it downloads. */
const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));

/** Where Mesa keeps kernels that it has compiled, which takes longer than most commands. */
const cache = userCacheRoot();
const kernels: Record<string, string> = cache === undefined ? {} : { MESA_SHADER_CACHE_DIR: dirname(cache) };

/** The environment of a process whose user has another folder for caches, while Deno and Mesa keep theirs. */
export function cacheEnv(folder: string): Record<string, string> {
  return {
    ...{ NO_COLOR: "1", XDG_CACHE_HOME: folder, HOME: folder, LOCALAPPDATA: folder },
    ...{ DENO_DIR: denoDir, ...kernels },
  };
}

/** What `deno info` says of where Deno keeps what it downloads. */
const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));

/** The environment of a process whose user has another folder for caches, while Deno keeps its own where it is. */
export function cacheEnv(folder: string): Record<string, string> {
  return { NO_COLOR: "1", XDG_CACHE_HOME: folder, HOME: folder, LOCALAPPDATA: folder, DENO_DIR: denoDir };
}

import { assertEquals, assertMatch } from "@std/assert";

const url = new URL("../../src/files/user_cache.ts", import.meta.url).href;
const onNative = new URL("../../src/host/on_native.ts", import.meta.url).href;
const { os } = Deno.build;

/** What a process with some variables, which may read some of them, finds. */
async function found(env: Record<string, string>, ...permissions: string[]): Promise<string[]> {
  const script = `import "${onNative}"; import { cacheAdvice, userCache } from "${url}"; ` +
    `console.log([userCache("kernels"), cacheAdvice()].join("\\n"));`;
  const folder = await Deno.makeTempDir();
  const file = `${folder}/find.ts`;
  try {
    await Deno.writeTextFile(file, script);
    const args = ["run", "--no-config", "--no-prompt", ...permissions, file];
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args,
      env: { NO_COLOR: "1", DENO_DIR: `${folder}/deno`, ...env },
      clearEnv: true,
    }).output();
    return new TextDecoder().decode(stdout).trimEnd().split("\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "userCache() is in the user's own folder, or nowhere",
  ignore: os !== "linux",
  async fn() {
    const allowed = "--allow-env=XDG_CACHE_HOME,HOME";
    const [set, allow] = ["set XDG_CACHE_HOME or HOME", /^allow .* with --allow-env=XDG_CACHE_HOME,HOME$/];
    assertEquals(await found({ HOME: "/home/a" }, allowed), ["/home/a/.cache/x-dcgan/kernels", set]);
    const both = { HOME: "/home/a", XDG_CACHE_HOME: "/c" };
    assertEquals(await found(both, allowed), ["/c/x-dcgan/kernels", set]);
    assertEquals(await found({ HOME: "/home/a", XDG_CACHE_HOME: "c" }, allowed), [
      "/home/a/.cache/x-dcgan/kernels",
      set,
    ]);
    assertEquals(await found({}, allowed), ["", set]);
    const [nowhere, advice = ""] = await found(both);
    assertEquals(nowhere, "");
    assertMatch(advice, allow);
  },
});

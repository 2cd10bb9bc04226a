import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withFiles } from "../../datasets/support/folders.ts";
import { withServer } from "../../datasets/support/unreliable_server.ts";
import { cacheEnv } from "../../support/cache_env.ts";
import { call, good } from "./call_datasets.ts";

const ignore = Deno.build.os === "windows"; // where a process cannot be sent Ctrl-C
const CTRL_C = "datasets fetch ends by Ctrl-C with exit code 130, and keeps what has come";

Deno.test({ name: CTRL_C, ignore }, async () => {
  const cli = new URL("../../../cli.ts", import.meta.url).pathname;
  const list = new TextEncoder().encode('{"default": {"train": ["https://huggingface.co/x/0.parquet"]}}');
  const slow = { headers: { etag: '"a"', "content-length": 999 }, body: new Uint8Array(99), silence: 9000 };
  await withServer(({ line }) => line.includes("/0.parquet") ? slow : { body: list }, async (url) => {
    await withFiles({}, async (folder) => {
      const args = ["run", "-A", cli, "datasets", "fetch", "hf:user/set", "--mirror", url];
      const child = new Deno.Command(Deno.execPath(), {
        args,
        env: cacheEnv(folder),
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const errors = new Response(child.stderr).text();
      const part = `${folder}/x-dcgan/datasets/huggingface/user/set/default/train/0000.parquet.part`;
      let told = "";
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        told += text;
        if (!told.includes("/0.parquet") || told.includes("Stopping")) continue;
        while ((await Deno.stat(part).catch(() => ({ size: 0 }))).size < 99) {
          await new Promise((go) => setTimeout(go, 5));
        }
        child.kill("SIGINT");
      }
      assertEquals([(await child.status).code, await errors], [130, ""], told);
      assertStringIncludes(
        told,
        "Stopping, keeping what was downloaded. Press Ctrl-C again to stop at once.\n",
      );
      assertEquals((await Deno.stat(part)).size, 99);
    });
  });
});

Deno.test("datasets fetch and verify name files that are not there", async () => {
  await withFiles({}, async (cache) => {
    const before = Deno.env.get("XDG_CACHE_HOME");
    Deno.env.set("XDG_CACHE_HOME", cache);
    try {
      const fetched = await call("fetch", "cifar10", "--offline");
      assertEquals(fetched.code, 1);
      assertMatch(fetched.errors, /cifar-10-binary\.tar\.gz was not downloaded yet, .*leave out --offline/);
      const verified = await call("verify", "cifar10");
      assertEquals(verified.code, 1);
      assertMatch(
        verified.output,
        /^missing: .*cifar10\/cifar-10-binary\.tar\.gz\nFAILED: missing or damaged files: 1 of 1\n$/,
      );
      assertStringIncludes(await good("info", "cifar10"), "not downloaded");
    } finally {
      if (before === undefined) Deno.env.delete("XDG_CACHE_HOME");
      else Deno.env.set("XDG_CACHE_HOME", before);
    }
  });
});

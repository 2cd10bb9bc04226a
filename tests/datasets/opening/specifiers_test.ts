/** Plugins from elsewhere, each by its specifier, through the command line: from servers of our own on loopback. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { cacheEnv } from "../../support/cache_env.ts";
import { tar } from "../support/files.ts";
import { type Files, withFiles } from "../support/folders.ts";
import { certificate, key } from "../support/loopback_certificate.ts";

const cli = new URL("../../../cli.ts", import.meta.url).pathname;

/** A plugin that is JavaScript and TypeScript as well. */
const plugin = `export default {
  apiVersion: 1,
  name: "from-afar",
  description: "stripes",
  options: { period: { type: "integer", description: "pixels", default: 8, minimum: 2 } },
  open: ({ size, channels = 1, options }) => ({
    length: 12,
    shape: [size, size, channels],
    read(indices, into) {
      const each = size * size * channels;
      for (let i = 0; i < into.length; i++) {
        into[i] = (Math.floor(i % each / channels) + indices[Math.floor(i / each)]) % options.period * 30;
      }
    },
  }),
};
`;
const bytes = new TextEncoder().encode(plugin);
const digest = (algorithm: string, of: Uint8Array, encoding: "hex" | "base64") =>
  createHash(algorithm).update(of).digest(encoding);

/** Runs the command line in a folder of its own. */
async function run(
  files: Files,
  env: (folder: string) => Record<string, string>,
  flags: readonly string[],
  command: readonly string[],
): Promise<{ code: number; text: string }> {
  return await withFiles(files, async (folder) => {
    const args = ["run", "-A", "--no-lock", ...flags, cli, ...command];
    const child = new Deno.Command(Deno.execPath(), {
      args,
      cwd: folder,
      env: { ...cacheEnv(`${folder}/cache`), ...env(folder) },
    });
    const { code, stdout, stderr } = await child.output();
    return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  });
}

/** Serves on loopback while `use` runs. */
async function serving(
  answer: (path: string, origin: string) => Response | undefined,
  use: (origin: string) => Promise<void>,
  tls: { cert?: string; key?: string } = {},
): Promise<void> {
  const scheme = tls.cert === undefined ? "http" : "https";
  const server = Deno.serve(
    { hostname: "localhost", port: 0, onListen() {}, ...tls } as Deno.ServeTcpOptions,
    ({ url }) => {
      const { pathname, origin } = new URL(url);
      return answer(decodeURIComponent(pathname), origin) ?? new Response(null, { status: 404 });
    },
  );
  try {
    await use(`${scheme}://localhost:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

/** Holds a plugin that is there, and one that is not, to what they must be. */
async function check(
  there: string,
  missing: string,
  files: Files = {},
  env: (folder: string) => Record<string, string> = () => ({}),
  flags: readonly string[] = [],
): Promise<void> {
  const good = await run(files, env, flags, ["datasets", "verify", there, "--data-period", "4"]);
  assertEquals(good.code, 0, good.text);
  assertMatch(good.text, /good: all 12 images of 64x64x1\n/);
  const help = await run(files, env, flags, ["train", "--data", there, "--help"]);
  assert(
    help.text.replaceAll(/\s+/g, " ").includes(`Options of dataset ${there}: --data-period <number> pixels`),
  );
  const wrong = await run(files, env, flags, ["datasets", "verify", there, "--data-period", "1"]);
  assertEquals(wrong.code, 2, wrong.text);
  assertMatch(
    wrong.text,
    /'--data-period <number>' argument '1' is invalid\. It must be a whole number of 2 or more/,
  );
  const none = await run(files, env, flags, ["datasets", "verify", missing]);
  assertEquals(none.code, 2, none.text);
  const sentences = none.text.split("\n").filter((line) => line.startsWith("error: "));
  assertEquals(sentences.length, 1, none.text);
  assert(sentences[0]!.startsWith(`error: The dataset plugin ${missing} cannot be loaded: `), none.text);
}

Deno.test("a plugin comes from a jsr: specifier", async () => {
  const answers: Record<string, () => Response> = {
    "/@example/stripes/meta.json": () =>
      Response.json({ scope: "example", name: "stripes", versions: { "1.0.0": {} } }),
    "/@example/stripes/1.0.0_meta.json": () =>
      Response.json({
        manifest: { "/mod.ts": { size: bytes.length, checksum: `sha256-${digest("sha256", bytes, "hex")}` } },
        exports: { ".": "./mod.ts" },
      }),
    "/@example/stripes/1.0.0/mod.ts": () =>
      new Response(bytes, { headers: { "content-type": "application/typescript" } }),
  };
  await serving((path) => answers[path]?.(), async (origin) => {
    await check("jsr:@example/stripes@1", "jsr:@example/none@1", {}, () => ({ JSR_URL: `${origin}/` }));
  });
});

Deno.test("a plugin comes from an npm: specifier", async () => {
  const name = "@example/stripes";
  const manifest = { name, version: "1.0.0", type: "module", exports: "./index.js" };
  const archive = new Uint8Array(gzipSync(tar([
    { name: "package/package.json", data: new TextEncoder().encode(JSON.stringify(manifest)) },
    { name: "package/index.js", data: bytes },
  ])));
  const integrity = `sha512-${digest("sha512", archive, "base64")}`;
  const answer = (path: string, origin: string) => {
    if (path === "/stripes.tgz") return new Response(archive);
    const dist = { tarball: `${origin}/stripes.tgz`, integrity };
    const about = { name, "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": { ...manifest, dist } } };
    return path === `/${name}` ? Response.json(about) : undefined;
  };
  await serving(answer, async (origin) => {
    const files = { "home/.npmrc": `@example:registry=${origin}/\n` };
    await check(
      "npm:@example/stripes@1",
      "npm:@example/none@1",
      files,
      (folder) => ({ HOME: `${folder}/home` }),
    );
  });
});

Deno.test("a plugin comes from an https: URL, and from a file: URL", async () => {
  const answer = (path: string) =>
    path === "/stripes.ts"
      ? new Response(bytes, { headers: { "content-type": "application/typescript" } })
      : undefined;
  await withFiles({ "certificate.pem": certificate, "my sets/stripes.ts": plugin }, async (folder) => {
    await serving(answer, async (origin) => {
      const flags = ["--cert", `${folder}/certificate.pem`];
      await check(`${origin}/stripes.ts`, `${origin}/none.ts`, {}, () => ({}), flags);
    }, { cert: certificate, key });
    const url = (name: string) => new URL(`my sets/${name}`, `file://${folder}/`).href;
    await check(url("stripes.ts"), url("none.ts"));
  });
});

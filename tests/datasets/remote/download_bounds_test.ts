import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { DatasetError, fetchFile } from "../../../plugins/datasets/mod.ts";
import { download } from "../../../plugins/datasets/remote/download.ts";
import { withFiles } from "../support/folders.ts";
import { withServer } from "../support/unreliable_server.ts";

const whole = new Uint8Array(1001).fill(7);
const context = { signal: new AbortController().signal, report: () => {}, progress: () => {}, retryTime: 1 };

Deno.test("download() takes no more than is allowed of a file that declares no size, whatever its server says", async () => {
  const claims: Record<string, string | number>[] = [{}, { "content-length": 1001 }, {
    "content-length": 2 ** 50,
  }];
  for (const headers of claims) {
    const answer = () => ({ headers, body: whole });
    await withServer(answer, async (url, asked) => {
      await withFiles({}, async (folder) => {
        await assertRejects(
          () => download({ urls: [`${url}/a.bin`] }, `${folder}/a.bin`, { ...context, most: 1000 }),
          DatasetError,
          "the server sends more than the 1000 bytes that are allowed",
        );
        assertEquals([[...Deno.readDirSync(folder)], asked.length], [[], 1]);
      });
    });
  }
  // As many are fine, and what declares its size may be larger
  for (const [known, most] of [[{}, 1001], [{ size: 1001 }, 1000]] as const) {
    await withServer(() => ({ body: whole }), async (url) => {
      await withFiles({}, async (folder) => {
        await download({ urls: [`${url}/a.bin`], ...known }, `${folder}/a.bin`, { ...context, most });
        assertEquals(await Deno.readFile(`${folder}/a.bin`), whole);
      });
    });
  }
});

Deno.test({
  name: "download() writes to no file that a link leads to",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withServer(() => ({ body: whole }), async (url) => {
      for (const link of ["a.bin.part", "a.bin.part.json"]) {
        await withFiles({ "victim": "precious", "cache/set/keep": "" }, async (folder) => {
          await Deno.symlink(`${folder}/victim`, `${folder}/cache/set/${link}`);
          const inCache = { ...context, cacheDir: `${folder}/cache` };
          const path = `${folder}/cache/set/a.bin`;
          const done = download({ urls: [`${url}/a.bin`] }, path, inCache);
          if (link.endsWith(".json")) await done;
          else {await assertRejects(
              () => done,
              DatasetError,
              "must be a regular file, found a link: remove it",
            );}
          assertEquals(await Deno.readTextFile(`${folder}/victim`), "precious");
        });
      }
      await withFiles({ "victim/keep": "", "cache/keep": "" }, async (folder) => {
        await Deno.symlink(`${folder}/victim`, `${folder}/cache/set`);
        const inCache = { ...context, cacheDir: `${folder}/cache` };
        await assertRejects(
          () => download({ urls: [`${url}/a.bin`] }, `${folder}/cache/set/a.bin`, inCache),
          DatasetError,
          `cache/set" must be a real folder, found a link`,
        );
        assertEquals([...Deno.readDirSync(`${folder}/victim`)].map(({ name }) => name), ["keep"]);
      });
    });
  },
});

Deno.test("fetchFile() says what to do where there is no folder for downloads", async () => {
  const file = { path: "set/a.gz", urls: ["http://127.0.0.1:1/a.gz"] };
  await assertRejects(
    () => fetchFile(file, { ...context, mirrors: [], offline: false }),
    DatasetError,
    "cannot be downloaded, as the user's folder for caches is not known",
  );
});

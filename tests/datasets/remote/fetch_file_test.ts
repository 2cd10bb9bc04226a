import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { DatasetError, fetchFile } from "../../../plugins/datasets/mod.ts";
import { withFiles } from "../support/folders.ts";
import { withServer } from "../support/unreliable_server.ts";
import { sha256, truly, waiting, whole } from "./downloading.ts";

Deno.test("fetchFile() keeps files, asks mirrors first, leaves the network alone, and finds damage", async () => {
  const packed = new Uint8Array(gzipSync(whole));
  await withServer(truly(packed), async (url, asked) => {
    await withFiles({}, async (cacheDir) => {
      const file = { path: "set/a.gz", urls: ["http://127.0.0.1:1/a.gz"], contentSha256: sha256 };
      const context = { ...waiting(), cacheDir, mirrors: [`${url}/copies`], offline: false };
      await assertRejects(
        () => fetchFile(file, { ...context, offline: true }),
        DatasetError,
        "a.gz was not downloaded yet, and must not be now: leave out --offline",
      );
      for (const offline of [false, false, true]) {
        assertEquals(await Deno.readFile(await fetchFile(file, { ...context, offline })), packed);
      }
      assertEquals(asked.map(({ line }) => line), ["GET /copies/a.gz HTTP/1.1"]);
      await Deno.writeFile(`${cacheDir}/set/a.gz`, packed.slice(0, -9));
      await assertRejects(() => fetchFile(file, context), DatasetError, "remove it to download it again");
    });
  });
});

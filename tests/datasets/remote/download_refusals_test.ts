import "../../../src/host/on_native.ts";
import { assert, assertMatch, assertRejects } from "@std/assert";
import { DatasetError, type RemoteFile } from "../../../plugins/datasets/mod.ts";
import { download } from "../../../plugins/datasets/remote/download.ts";
import { withFiles } from "../support/folders.ts";
import type { Answer, Asked } from "../support/unreliable_server.ts";
import { get, sha256, truly, waiting, whole } from "./downloading.ts";

Deno.test("download() refuses what a server should not give, and keeps none of it under the name", async (t) => {
  const wrong = whole.with(7, 255);
  const size = whole.length;
  const cases: [string, (asked: Asked) => Answer, Partial<RemoteFile>, RegExp][] = [
    ["wrong bytes", truly(wrong), { sha256 }, /the file must have SHA-256 \w+, found \w+$/],
    [
      "wrong bytes in gzip",
      truly(wrong),
      { contentSha256: sha256 },
      /the file cannot be unpacked: expected whole gzip/,
    ],
    [
      "another length",
      truly(whole.slice(1)),
      { size, sha256 },
      /has a file of 299999 bytes, expected 300000$/,
    ],
    ["404", () => ({ status: 404 }), {}, /the server answered 404$/],
    ["a redirect in a circle", () => ({ status: 302, headers: { location: "/a.bin" } }), {}, /redirect/i],
    [
      "a length that is too long",
      (asked) => ({ ...truly(whole)(asked), headers: { "content-length": size + 9 } }),
      { sha256 },
      /a\.bin: .+/,
    ],
    [
      "a length that is too short",
      (asked) => ({ ...truly(whole)(asked), headers: { "content-length": 9 } }),
      { sha256 },
      /SHA-256|error/,
    ],
    [
      "more than there should be",
      () => ({ body: new Uint8Array(400_000) }),
      { size },
      /sends more than the 300000 bytes expected$/,
    ],
    [
      "another part than was asked for",
      (asked) =>
        asked.headers.has("range")
          ? {
            status: 206,
            headers: { "content-range": "bytes 5-9/10", "content-length": 5 },
            body: whole.slice(5, 10),
          }
          : { ...truly(whole)(asked), body: whole.subarray(0, 5000) },
      { sha256 },
      /another part of the file than it was asked for|error reading/,
    ],
    [
      "silence",
      () => ({ headers: { "content-length": 9 }, body: whole.slice(0, 5), silence: 5000 }),
      {},
      /nothing came for 0\.3 s$/,
    ],
  ];
  for (const [name, answer, known, message] of cases) {
    await t.step(name, async () => {
      await get(answer, known, ({ error, names }) => {
        assert(error instanceof DatasetError, String(error));
        assertMatch(error.message, /a\.bin cannot be downloaded: http/);
        assertMatch(error.message, message);
        assert(!names.includes("a.bin"), names.join());
      });
    });
  }
});

Deno.test("download() says why a folder cannot be made, and why nothing answers", async () => {
  await withFiles({ "taken": "" }, async (folder) => {
    const urls = ["http://localhost:1/a.bin"];
    await assertRejects(
      () => download({ urls }, `${folder}/taken/set/a.bin`, waiting()),
      DatasetError,
      `The folder "${folder}/taken/set" cannot be made: `,
    );
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const { message } = await assertRejects(
      () => download({ urls: [`http://127.0.0.1:${port}/a.bin`] }, `${folder}/a.bin`, waiting()),
      DatasetError,
    );
    assertMatch(message, /\/a\.bin: tcp connect error: .*refused/i);
  });
});

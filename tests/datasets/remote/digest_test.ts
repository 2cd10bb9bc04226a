import "../../../src/host/on_native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { problemOf } from "../../../plugins/datasets/remote/digest.ts";
import { withFiles } from "../support/folders.ts";

Deno.test("problemOf() names what came in the place of a file", async () => {
  const files = { page: "<html>Sign in to the network</html>", other: Uint8Array.of(1, 2, 3), empty: "" };
  await withFiles(files, async (folder) => {
    const file = { path: "a", urls: [], size: 3, sha256: "0".repeat(64) };
    assertEquals(
      await problemOf(`${folder}/page`, file),
      "must have 3 bytes, found 35; it is a web page",
    );
    assertMatch(await problemOf(`${folder}/other`, file) ?? "", /^must have SHA-256 0+, found [0-9a-f]{64}$/);
    assertEquals(await problemOf(`${folder}/empty`, file), "must have 3 bytes, found 0; it is an empty file");
    assertEquals(await problemOf(`${folder}/page`, { path: "a", urls: [] }), undefined);
  });
});

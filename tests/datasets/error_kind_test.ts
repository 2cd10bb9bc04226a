/** Callers tell errors of datasets apart by their kind, not by their text. */
import "../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { DatasetError, openDataset } from "../../plugins/datasets/mod.ts";
import { withFiles } from "./support/folders.ts";

Deno.test("DatasetError takes the kind of the error that it wraps", () => {
  const inner = new DatasetError("missing", { kind: "not-downloaded" });
  assertEquals(new DatasetError("outer", { cause: inner }).kind, "not-downloaded");
  assertEquals(new DatasetError("outer", { cause: inner, kind: "unauthorized" }).kind, "unauthorized");
  assertEquals(new DatasetError("plain").kind, undefined);
  assertEquals(new DatasetError("outer", { cause: new Error("other") }).kind, undefined);
});

Deno.test("openDataset() says by its kind that a plugin breaks the contract", async () => {
  const plugin = { apiVersion: 1, name: "odd", open: () => ({ length: -1, shape: [8, 8, 1], read() {} }) };
  // deno-lint-ignore no-explicit-any -- a plugin that does not compile
  const error = await assertRejects(() => openDataset(plugin as any, { size: 8 }), DatasetError);
  assertEquals(error.kind, "breaks-contract");
});

Deno.test("openDataset() says by its kind that a file is something else", async () => {
  await withFiles({ "images.npy": "<!DOCTYPE html><html><body>Sign in</body></html>" }, async (folder) => {
    const error = await assertRejects(() => openDataset(`${folder}/images.npy`, { size: 8 }), DatasetError);
    assertEquals(error.kind, "other-format");
  });
});

import "../../../src/host/on_native.ts";
import { assertRejects } from "@std/assert";
import { openDataset, previewDataset } from "../../../plugins/datasets/mod.ts";

Deno.test("previewDataset() refuses more images than one picture may have, before any is read", async () => {
  await using faces = await openDataset("faces", { size: 1024 });
  await assertRejects(
    () => previewDataset(faces, 4096),
    RangeError,
    `Cannot preview faces: "count" must be at most 56 in one picture of 1024x1024 images, found 4096`,
  );
});

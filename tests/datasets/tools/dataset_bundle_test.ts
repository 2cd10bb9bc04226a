import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { defineDataset, openDataset } from "../../../plugins/datasets/mod.ts";
import { decodePicture } from "../../../src/pictures/mod.ts";
import { bundleOf } from "../../support/bundle_of.ts";

/** A few gray images with labels of both kinds. */
const shades = defineDataset({
  apiVersion: 1,
  name: "shades",
  open: ({ width, height }) => ({
    length: 5,
    shape: [height, width, 1],
    labels: {
      "<kind>": { classes: Array.from({ length: 10 }, (_, i) => `c${i}`), at: (i) => i },
      level: { at: (i) => i / 2 },
    },
    read: (indices, into) => {
      const each = width * height;
      for (let i = 0; i < indices.length; i++) into.fill(50 * indices[i]!, i * each, (i + 1) * each);
    },
  }),
});

Deno.test("An open dataset shows its images and what is known of them in a notebook", async () => {
  await using dataset = await openDataset(shades, { size: 8 });
  const bundle = await bundleOf(dataset);
  assertEquals(
    bundle["text/plain"],
    `Dataset shades
  name    shades
  images  5
  shape   8x8, 1 channel
  <kind>  10 classes: c0, c1, c2, c3, c4, c5, c6, c7, and 2 more
  level   a number`,
  );
  const picture = await decodePicture(Uint8Array.fromBase64(bundle["image/png"]!));
  assertEquals([picture.width, picture.height], [32, 22]);
  assertEquals(picture.data[(3 * 32 + 13) * 4], 50);
  assertStringIncludes(bundle["text/html"]!, bundle["image/png"]!);
  assertStringIncludes(bundle["text/html"]!, "&lt;kind&gt;");
  assert(!bundle["text/html"]!.includes("<kind>"));
});

Deno.test("A dataset of large images shows fewer, and one that was closed says so", async () => {
  const dataset = await openDataset(shades, { size: 600 });
  const { "image/png": png } = await bundleOf(dataset);
  const picture = await decodePicture(Uint8Array.fromBase64(png!));
  assertEquals([picture.width, picture.height], [1206, 604]);
  await dataset.close();
  const bundle = await bundleOf(dataset);
  assertEquals(bundle["image/png"], undefined);
  assertStringIncludes(bundle["text/plain"]!, 'problem  Dataset "shades" was closed: open it again');
  assertStringIncludes(bundle["text/html"]!, "was closed");
});

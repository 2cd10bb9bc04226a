import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { checkDataset } from "../../../plugins/datasets/testing.ts";
import { readImages } from "../support/read_images.ts";

Deno.test("faces keeps to the contract", async () => {
  await checkDataset("faces", { size: 32, options: { length: 1000 } });
  await checkDataset("faces", { size: "12x16", channels: 2, options: { length: 1000 } });
});

Deno.test("faces draws the same bytes on every machine", async () => {
  await using faces = await openDataset("faces", { size: 48, options: { seed: 3, length: 2 ** 31 - 1 } });
  const bytes = await readImages(faces, [0, 1, 2, 3, 4, 5, 6, 7, 99_999, 2 ** 31 - 2]);
  const found = createHash("sha256").update(bytes).digest("hex");
  assertEquals(found, "c00b28579e6e2891767c3b76cd608057d8843da88225ef58539e87de0ec680ac");
});

Deno.test("faces are cut in their middle to sizes that are not square, and opaque", async () => {
  await using wide = await openDataset("faces", { size: "32x16", channels: 4 });
  await using square = await openDataset("faces", { size: 32 });
  assertEquals(wide.shape, [16, 32, 4]);
  const [found, whole] = [await readImages(wide, [5]), await readImages(square, [5])];
  for (let pixel = 0; pixel < 16 * 32; pixel++) {
    const from = 3 * (8 * 32 + pixel);
    assertEquals([...found.subarray(4 * pixel, 4 * pixel + 4)], [...whole.subarray(from, from + 3), 255]);
  }
});

Deno.test("faces differ from seed to seed and from index to index", async () => {
  await using faces = await openDataset("faces", { size: 16 });
  await using others = await openDataset("faces", { size: 16, options: { seed: 1 } });
  assertEquals(faces.length, 100_000);
  const each = 16 * 16 * 3;
  const indices = Array.from({ length: 200 }, (_, i) => i);
  const bytes = await readImages(faces, indices);
  assertNotEquals(bytes, await readImages(others, indices));
  const distinct = new Set(indices.map((i) => String(bytes.subarray(i * each, (i + 1) * each))));
  assertEquals(distinct.size, indices.length);
});

Deno.test("faces labels are spread over all classes, and each factor by itself", async () => {
  await using faces = await openDataset("faces", { size: 16 });
  const count = 4000;
  for (const [name, { classes, at }] of Object.entries(faces.labels)) {
    const values = Array.from({ length: count }, (_, i) => at(i));
    if (classes) {
      for (const [value, label] of classes.entries()) {
        const share = values.filter((one) => one === value).length / count;
        assert(share > 0.5 / classes.length && share < 2.5 / classes.length, `${name} ${label}: ${share}`);
      }
    } else {
      const mean = values.reduce((sum, value) => sum + value) / count;
      assert(Math.abs(mean - (name === "smile" ? 0.5 : 0)) < 0.05, `${name}: mean ${mean}`);
    }
  }
  const { skin, turn } = faces.labels;
  let product = 0;
  for (let i = 0; i < count; i++) product += (skin!.at(i) - 2.5) * turn!.at(i);
  assert(Math.abs(product / count) < 0.05, "skin and turn go together");
});

Deno.test("faces labels are what is drawn", async () => {
  await using faces = await openDataset("faces", { size: 32 });
  const { background, hair_style } = faces.labels;
  // Corners show the background: all faces of one background have nearly the same
  const corners = new Map<number, number[]>();
  for (let i = 0; i < 60; i++) {
    const [red = 0, green = 0, blue = 0] = await readImages(faces, [i]);
    const before = corners.get(background!.at(i)) ??
      corners.set(background!.at(i), [red, green, blue]).get(background!.at(i))!;
    assert(Math.abs(before[0]! - red) + Math.abs(before[1]! - green) + Math.abs(before[2]! - blue) < 6);
  }
  assertEquals(corners.size, background!.classes!.length);
  assertEquals(hair_style!.classes!.includes("bald"), true);
});

Deno.test("faces can be drawn at any size", async () => {
  for (const size of [14, 16, 28, 50, 128]) {
    await using faces = await openDataset("faces", { size, channels: 1 });
    assert(new Set(await readImages(faces, [5])).size > 20);
  }
});

Deno.test("faces refuses options that are out of range", async () => {
  const open = (options: Record<string, unknown>) => openDataset("faces", { size: 16, options });
  await assertRejects(
    () => open({ length: 0 }),
    DatasetError,
    "must be a whole number from 1 to 2147483647, found 0",
  );
  await assertRejects(() => open({ seed: -1 }), DatasetError, "from 0 to 4294967295, found -1");
});

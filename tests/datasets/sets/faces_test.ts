import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { checkDataset } from "../../../plugins/datasets/testing.ts";
import { drawFace } from "../../../plugins/datasets/sets/faces/draw_face.ts";
import { drawFactors } from "../../../plugins/datasets/sets/faces/factors.ts";
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
    } else if (!name.startsWith("glasses_")) {
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

Deno.test("faces labels are the box that glasses are drawn in", async () => {
  const size = 100;
  for (const [width, height] of [[size, size], [size, 60], [60, size]] as const) {
    await using faces = await openDataset("faces", { size: `${width}x${height}` });
    const sides = ["left", "top", "right", "bottom"].map((side) => faces.labels[`glasses_${side}`]!);
    let drawn = 0;
    for (let index = 0; index < 40; index++) {
      const factors = drawFactors(0, index);
      const [left, top, right, bottom] = sides.map((side) => side.at(index)) as [
        number,
        number,
        number,
        number,
      ];
      assert(left > 0 && left < right && right < 1 && top > 0 && top < bottom && bottom < 1);
      if (factors.glasses === 0) continue;
      drawn++;
      // The face without them differs from the one with them where they are
      const [with_, without] = [factors, { ...factors, glasses: 0 }].map((one) =>
        drawFace(one, size).picture().data
      );
      const rows: number[] = [];
      const columns: number[] = [];
      for (let at = 0; at < with_!.length; at++) {
        if (with_![at] === without![at]) continue;
        rows.push(Math.floor(at / 3 / size));
        columns.push(Math.floor(at / 3) % size);
      }
      const [x0, y0] = [(size - width) / 2, (size - height) / 2];
      const near = (found: number, share: number, start: number, side: number) =>
        assert(
          Math.abs(found - (start + share * side)) < 2,
          `face ${index}: ${found}, ${start + share * side}`,
        );
      near(Math.min(...rows), top, y0, height);
      near(Math.max(...rows) + 1, bottom, y0, height);
      // Temples go on to the ears
      assert(Math.min(...columns) < x0 + left * width + 2 && Math.max(...columns) > x0 + right * width - 2);
      assert(left * width + x0 > 20 && right * width + x0 < 80);
    }
    assert(drawn > 8);
  }
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

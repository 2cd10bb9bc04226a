import { assertEquals } from "@std/assert";
import {
  choosePictures,
  dataUri,
  evenly,
  MOST_BYTES,
  MOST_GRIDS,
} from "../../../src/dcgan/report/pictures.ts";
import { withFolder } from "../tiny.ts";

const gridsOf = (count: number, size: number) =>
  Array.from({ length: count }, (_, i) => ({ step: i + 1, name: `samples/${i}`, size }));

Deno.test("evenly() keeps the first and the last", () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  assertEquals(evenly(items, 4), [0, 33, 66, 99]);
  assertEquals(evenly(items, 1), [99]);
  assertEquals(evenly(items, 0), []);
  assertEquals(evenly([1, 2], 4), [1, 2]);
});

Deno.test("choosePictures() takes no more than there is room for", () => {
  const chosen = (count: number, size: number, realSize = 1) => {
    const { grids, real } = choosePictures({
      grids: gridsOf(count, size),
      real: { name: "real.png", size: realSize },
    });
    return [grids.map(({ step }) => step).join(), real !== undefined];
  };
  assertEquals(choosePictures({ grids: gridsOf(1000, 10), real: undefined }).grids.length, MOST_GRIDS);
  assertEquals(chosen(3, 10), ["1,2,3", true]);
  assertEquals(chosen(9, MOST_BYTES / 3 - 1), ["1,5,9", true]);
  assertEquals(chosen(9, MOST_BYTES / 3), ["1,9", true]);
  assertEquals(chosen(9, MOST_BYTES - 1), ["9", true]);
  assertEquals(chosen(9, MOST_BYTES), ["", true]);
  assertEquals(chosen(9, MOST_BYTES, MOST_BYTES), ["9", false]);
});

Deno.test("dataUri() holds the picture", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.png`, Uint8Array.of(1, 2, 255));
    assertEquals(await dataUri(`${folder}/a.png`), "data:image/png;base64,AQL/");
    assertEquals(await dataUri(`${folder}/b.png`), undefined);
  });
});

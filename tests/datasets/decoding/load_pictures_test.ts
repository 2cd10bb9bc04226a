import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { loadPictures } from "../../../plugins/datasets/decoding/load_pictures.ts";
import { release } from "../../../plugins/datasets/decoding/release.ts";
import { decodePicture, encodePng, fitPicture } from "../../../src/pictures/mod.ts";
import { bmp, gif, jpeg, ramp, webp } from "../../pictures/files.ts";

Deno.test("loadPictures gives what decoding one by one gives, and leaves the bytes that it was given", async () => {
  const square = ramp(8, 8);
  const wide = ramp(13, 9);
  const files = [
    ...await Promise.all([jpeg(square), jpeg(wide), encodePng(square), gif(wide), webp(square)]),
    bmp(square),
    bmp(wide),
  ];
  const folder = await Deno.makeTempDir();
  try {
    const paths = files.map((_, i) => join(folder, `${i}`));
    for (const [i, path] of paths.entries()) await Deno.writeFile(path, files[i]!);
    const given = files.map((file) => file.slice());
    for (const channels of [1, 3] as const) {
      const fit = { size: 8, channels };
      const expected = [];
      for (const file of files) {
        expected.push(...fitPicture(await decodePicture(file), { ...fit, crop: 0.25 }).data);
      }
      // Twice, as memory of the first time is used again the second time
      for (const sources of [paths, given, paths, given]) {
        const loaded = await loadPictures(sources.map((file) => ({ file, crop: 0.25 })), fit);
        assertEquals(loaded, { pixels: Uint8Array.from(expected), failures: new Map() });
      }
    }
    assertEquals(given, files);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadPictures reads files of any length", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = await jpeg(ramp(13, 9));
    const expected = await loadPictures([{ file, crop: 0 }], { size: 4, channels: 3 });
    // What follows a picture's end is passed over
    for (const length of [2 ** 17 - 1, 2 ** 17, 2 ** 17 + 1, 300_000]) {
      const longer = new Uint8Array(length);
      longer.set(file);
      await Deno.writeFile(join(folder, "long.jpg"), longer);
      const found = await loadPictures([{ file: join(folder, "long.jpg"), crop: 0 }], {
        size: 4,
        channels: 3,
      });
      assertEquals(found, expected, `${length} bytes`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadPictures reads no file that is too long, and says in plain words what cannot be read", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const sparse = join(folder, "sparse.png");
    await Deno.writeFile(sparse, new Uint8Array(8));
    await Deno.truncate(sparse, 3 * 2 ** 30);
    const part = { path: sparse, offset: 512, size: 2 ** 30 };
    const packed = { path: sparse, offset: 0, size: 9, packed: { deflated: true, size: 2 ** 32, crc32: 0 } };
    const gone = join(folder, "gone.png");
    const files = [sparse, part, packed, gone, folder];
    const before = Deno.memoryUsage().rss;
    const loaded = await loadPictures(files.map((file) => ({ file, crop: 0 })), { size: 2, channels: 1 });
    assert(Deno.memoryUsage().rss - before < 256 * 2 ** 20);
    const tooLong = (mebibytes: number) =>
      `The file has ${mebibytes} MiB, more than the 256 that a picture may have; make it smaller first`;
    assertEquals([...loaded.failures.values()], [
      tooLong(3072),
      tooLong(1024),
      tooLong(4096),
      `${JSON.stringify(gone)} cannot be read: the file no longer exists`,
      `${JSON.stringify(folder)} cannot be read: it is now a folder`,
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("release empties an array that owns its memory, once, and leaves views alone", () => {
  const own = new Uint8Array(8);
  release(own);
  assert(own.buffer.detached);
  release(own);
  const whole = new Uint8Array(8).fill(7);
  release(whole.subarray(1, 3));
  release(new Uint8Array(new SharedArrayBuffer(4)));
  release(new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer, 0, 9));
  assertEquals(whole, new Uint8Array(8).fill(7));
});

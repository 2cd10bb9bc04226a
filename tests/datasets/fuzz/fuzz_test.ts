import { gzipSync } from "node:zlib";
import { DatasetError } from "../../../plugins/datasets/mod.ts";
import { bytesInMemory } from "../../../plugins/datasets/formats/byte_source.ts";
import { readCelebaAttributes, readCelebaParts } from "../../../plugins/datasets/formats/celeba_lists.ts";
import { readCifar } from "../../../plugins/datasets/formats/cifar.ts";
import { unpackGzip } from "../../../plugins/datasets/formats/gzip.ts";
import { readIdx } from "../../../plugins/datasets/formats/idx.ts";
import { readNpyHeader } from "../../../plugins/datasets/formats/npy.ts";
import { tarMembers } from "../../../plugins/datasets/formats/tar.ts";
import { openParquet } from "../../../plugins/datasets/sources/parquet_source.ts";
import type { PictureSource } from "../../../plugins/datasets/sources/picture_source.ts";
import { openZip } from "../../../plugins/datasets/sources/zip_source.ts";
import { decodePicture, encodePng, PictureError } from "../../../src/pictures/mod.ts";
import { bmp, cmykJpeg, exif, gif, jpeg, ramp, webp, webpWithExif, withExif } from "../../pictures/files.ts";
import { arrowFile } from "../support/arrow_file.ts";
import { cifar, idx, npy, paxRecord, tar } from "../support/files.ts";
import { parquet } from "../support/parquet_file.ts";
import { zip } from "../support/zip_file.ts";
import { fuzzTest } from "./fuzz.ts";
import { repairPng, repairTar } from "./repair.ts";

const { signal } = new AbortController();
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * i + i) % 251);
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

fuzzTest(
  "IDX",
  () => {
    const whole = idx([5, 8, 8], noise(320));
    return Promise.resolve([whole, new Uint8Array(gzipSync(whole))]);
  },
  (file) => readIdx(unpackGzip(file, "x", 2 ** 24), 3, "x"),
  [DatasetError],
);

fuzzTest(
  "CIFAR",
  () => Promise.resolve([cifar([[1, 2], [3, 4]])]),
  (file) => {
    const images = readCifar([{ path: "x", bytes: file }], [20, 100]);
    for (let image = 0; image < images.length; image++) images.pixels(image);
  },
  [DatasetError],
);

fuzzTest(
  "CIFAR's archive",
  () => Promise.resolve([new Uint8Array(gzipSync(tar([{ name: "a/train.bin", data: cifar([[1, 2]]) }])))]),
  (file) => [...tarMembers(bytesInMemory(unpackGzip(file, "x", 2 ** 24)), "x")],
  [DatasetError],
);

fuzzTest(
  "npy",
  () => Promise.resolve([npy([4, 5, 6], noise(120)), npy([2, 3, 3, 3], noise(54))]),
  (file) => {
    const source = bytesInMemory(file);
    const { shape, offset } = readNpyHeader(source, "x");
    source.read(offset, shape.reduce((a, b) => a * b, 1));
  },
  [DatasetError],
);

fuzzTest(
  "tar",
  () =>
    Promise.resolve([
      tar([
        { name: "a/", type: "5" },
        { name: "a/b.png", data: noise(700) },
        { name: "pax", type: "x", data: paxRecord("path", "c/".repeat(80)) },
        { name: "cut", data: noise(30) },
        { name: "././@LongLink", type: "L", data: text("d/".repeat(90)) },
        { name: "cut", data: noise(30), binarySize: true },
      ]),
    ]),
  (file) => {
    const source = bytesInMemory(file);
    for (const { offset, size } of tarMembers(source, "x")) source.read(offset, size);
  },
  [DatasetError],
  repairTar,
);

/** Writes a file, lists the pictures in it, and reads them all. */
async function readAll(file: Uint8Array, open: (path: string) => Promise<PictureSource>): Promise<void> {
  const path = `${folder}/file`;
  await Deno.writeFile(path, file);
  const source = await open(path);
  try {
    for (const name of source.names) await source.read(name).catch(allowCorrupt);
  } finally {
    await source.close();
  }
}

/** A member that is corrupt is left out of training, so that the others are read all the same. */
function allowCorrupt(error: unknown): void {
  if (!(error instanceof DatasetError)) throw error;
}

const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

fuzzTest(
  "zip",
  async () => {
    const data = await encodePng(ramp(12, 12));
    return [zip([{ name: "a/b.png", data }, { name: "c.png", data, method: 8 }, { name: "d.txt", data }])];
  },
  (file) => readAll(file, (path) => openZip(path, signal)),
  [DatasetError],
);

fuzzTest(
  "Parquet",
  () =>
    Promise.resolve([
      parquet({
        images: [noise(90), null, noise(200), noise(3)],
        labels: [1, 0, 1, 2],
        names: ["a", "b", "c"],
      }),
      parquet({ images: [noise(400), noise(400), noise(400)], rowGroupSize: 3 }),
      // Not packed, so that damage gets as far as the pages
      parquet({ images: [noise(9), null, noise(20), noise(3)], labels: [1, 0, 1, 2], packed: false }),
      parquet({ images: [noise(9), noise(20)], labels: [1, 0], labelType: "BOOLEAN", packed: false }),
      parquet({ images: [noise(9), noise(20)], labels: [1.5, -2], labelType: "DOUBLE", packed: false }),
      arrowFile,
    ]),
  (file) => readAll(file, (path) => openParquet([path], { image: "", label: "" }, signal)),
  [DatasetError],
);

/** Pixels that are allowed: enough for the good files, so that damaged ones cannot ask for hundreds of megabytes. */
const maxPixels = 2 ** 18;

fuzzTest(
  "PNG",
  async () => [await encodePng(ramp(24, 20)), await encodePng(ramp(7, 33))],
  (file) => decodePicture(file, { maxPixels }),
  [PictureError],
  repairPng,
);

fuzzTest(
  "JPEG",
  async () => [await jpeg(ramp(24, 20)), cmykJpeg, withExif(await jpeg(ramp(33, 7)), exif(6, false))],
  (file) => decodePicture(file, { maxPixels }),
  [PictureError],
);

fuzzTest(
  "GIF, WebP, BMP",
  async () => {
    const small = ramp(9, 7);
    return [
      await gif(small),
      await webp(small),
      webpWithExif(await webp(small), small, exif(6, true)),
      bmp(small),
    ];
  },
  (file) => decodePicture(file, { maxPixels }),
  [PictureError],
);

fuzzTest(
  "CelebA's lists",
  () =>
    Promise.resolve([
      text("2\nSmiling Young\n1.jpg  1 -1\n2.jpg -1 -1\n"),
      text("1.jpg 0\n2.jpg 2\n3.jpg 1\n"),
    ]),
  (file) => {
    const content = new TextDecoder().decode(file);
    if (content.includes(" 0\n")) readCelebaParts(content, "x");
    else readCelebaAttributes(content, "x");
  },
  [DatasetError],
);

import "../../../src/host/on_native.ts";
import { parquetWriteBuffer } from "hyparquet-writer";
import { gzipSync } from "node:zlib";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { bytesInMemory } from "../../../plugins/datasets/formats/byte_source.ts";
import { readCelebaAttributes, readCelebaParts } from "../../../plugins/datasets/formats/celeba_lists.ts";
import { readCifar } from "../../../plugins/datasets/formats/cifar.ts";
import { unpackGzip } from "../../../plugins/datasets/formats/gzip.ts";
import { readIdx } from "../../../plugins/datasets/formats/idx.ts";
import { tarMembers } from "../../../plugins/datasets/formats/tar.ts";
import { openParquet } from "../../../plugins/datasets/sources/parquet/source.ts";
import { openShards } from "../../../plugins/datasets/sources/shard_source.ts";
import type { PictureSource } from "../../../plugins/datasets/sources/picture_source.ts";
import { openZip } from "../../../plugins/datasets/sources/zip_source.ts";
import { decodePicture, encodePng, PictureError } from "../../../src/pictures/mod.ts";
import { bmp, cmykJpeg, exif, gif, jpeg, ramp, webp, webpWithExif, withExif } from "../../pictures/files.ts";
import { arrowFile } from "../support/arrow_file.ts";
import { duckdbFile } from "../support/duckdb_file.ts";
import { cifar, idx, npy, paxRecord, tar } from "../support/files.ts";
import { parquet } from "../support/parquet_file.ts";
import { zip } from "../support/zip_file.ts";
import { fuzzTest } from "./fuzz.ts";
import { repairPng, repairTar } from "./repair.ts";

const { signal } = new AbortController();
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
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

/** Opens pictures in NumPy's files as `openDataset` does, and reads them all. */
async function readNumpy(file: Uint8Array): Promise<void> {
  const path = `${folder}/file`;
  await Deno.writeFile(path, file);
  await using dataset = await openDataset("npy", { size: 4, data: path });
  const { length, shape: [height, width, channels] } = dataset;
  const count = Math.min(length, 64);
  await dataset.read(
    Array.from({ length: count }, (_, i) => i),
    new Uint8Array(count * height * width * channels),
  );
}

fuzzTest(
  "npy",
  () =>
    Promise.resolve([
      npy([4, 5, 6], noise(120)),
      npy([2, 3, 3, 3], noise(54)),
      npy([3, 3, 5, 5], noise(225), "|u1", "True"),
      npy([3, 5, 5], new Uint8Array(Float32Array.from(noise(75), (level) => level / 255).buffer), "<f4"),
      npy([2, 3, 5, 5], new Uint8Array(BigInt64Array.from(noise(150), BigInt).buffer), "<i8"),
      npy(["2L", "64L"], noise(128), "|u1"),
    ]),
  readNumpy,
  [DatasetError],
);

fuzzTest(
  "npz",
  () => {
    const data = npy([3, 5, 5, 3], noise(225));
    const labels = npy([3], Uint8Array.of(0, 1, 2));
    return Promise.resolve(
      [0, 8].map((method) => zip([{ name: "x.npy", data, method }, { name: "y.npy", data: labels, method }])),
    );
  },
  readNumpy,
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
  "WebDataset",
  () => {
    const sample = (key: string) =>
      ["depth.png", "jpg", "cls"].map((ending) => ({ name: `${key}.${ending}`, data: noise(40) }));
    const labels = [{ name: "9.cls", data: text("4") }, { name: "9.jpg", data: noise(5) }];
    return Promise.resolve([
      tar([...sample("0"), ...sample("1")]),
      tar([...labels, ...["v.1.0", "v.1.1"].map((key) => ({ name: `set.${key}.jpg`, data: noise(9) }))]),
    ]);
  },
  (file) =>
    readAll(
      file,
      (path) => openShards([path], { image: ["jpg"], label: "cls" }, path, { signal, report: () => {} }),
    ),
  [DatasetError],
  repairTar,
);

/** A Parquet file of pictures and labels in other encodings, not packed. */
function encoded(imageEncoding: string, labelType: string, labelEncoding: string) {
  const labels: Record<string, unknown[]> = {
    INT64: [5n, 900n, 7n],
    DOUBLE: [1.5, 2, 3],
    BYTE_ARRAY: ["cat", "catfish", "caterpillar"].map(text),
  };
  return new Uint8Array(parquetWriteBuffer({
    codec: "UNCOMPRESSED",
    columnData: [
      { name: "image", data: [noise(50), noise(70), noise(9)], encoding: imageEncoding as "PLAIN" },
      { name: "label", data: labels[labelType]!, encoding: labelEncoding as "PLAIN" },
    ],
    schema: [
      { name: "root", num_children: 2 },
      { name: "image", type: "BYTE_ARRAY" },
      { name: "label", type: labelType as "BYTE_ARRAY" },
    ],
  }));
}

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
      duckdbFile,
      ...[["INT64", "DELTA_BINARY_PACKED"], ["DOUBLE", "BYTE_STREAM_SPLIT"]].map(([type, encoding]) =>
        encoded("DELTA_LENGTH_BYTE_ARRAY", type!, encoding!)
      ),
      encoded("PLAIN", "BYTE_ARRAY", "DELTA_BYTE_ARRAY"),
    ]),
  (file) => readAll(file, (path) => openParquet([path], { image: "", label: "", signal, report: () => {} })),
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

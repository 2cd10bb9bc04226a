/** Files that ask for more than a picture may. */
import "../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { deflateSync } from "node:zlib";
import { decodePicture, encodePng, PictureError } from "../../src/pictures/mod.ts";
import { decodeApart } from "../../src/pictures/jpeg/mozjpeg_apart.ts";
import { bmp, concat, gif, jpeg, png, pngChunk, ramp, riffChunk, webp } from "./files.ts";

const picture = ramp(23, 17);

/** A gray progressive JPEG of 16x16. */
const progressive = Uint8Array.from(
  atob(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/wgALCAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/2gAIAQEAAAABmP/EABQQAQAAAAAAAAAAAAAAAAAAACD/2gAIAQEAAQUCH//EABQQAQAAAAAAAAAAAAAAAAAAACD/2gAIAQEABj8CH//EABQQAQAAAAAAAAAAAAAAAAAAACD/2gAIAQEAAT8hH//aAAgBAQAAABAP/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQABPxAf/9k=",
  ),
  (letter) => letter.charCodeAt(0),
);

/** Decodes, and throws where that takes much time or memory: far less than the file asks for, far more than it should. */
async function bounded<T>(decode: () => Promise<T>, mebibytes = 256): Promise<T> {
  const start = performance.now();
  const before = Deno.memoryUsage().rss;
  try {
    return await decode();
  } finally {
    const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
    const seconds = (performance.now() - start) / 1000;
    assert(grown < mebibytes, `it took ${grown} MiB`);
    assert(seconds < 10, `it took ${seconds} s`);
  }
}

async function assertRefused(file: Uint8Array, message: string | RegExp): Promise<void> {
  const error = await bounded(() => assertRejects(() => decodePicture(file), PictureError));
  const found = (error as Error).message;
  assert(typeof message === "string" ? found === message : message.test(found), found);
}

/** A GIF with frames of these places and sizes, none of which has any pixels. */
function emptyGif(width: number, height: number, frames: readonly (readonly number[])[]): Uint8Array {
  const start = Uint8Array.of(...new TextEncoder().encode("GIF89a"), ...words(width, height), 0x80, 0, 0);
  const parts = frames.map((frame) => Uint8Array.of(0x2c, ...words(...frame), 0, 2, 2, 0x4c, 1, 0));
  return concat([start, new Uint8Array(6), ...parts, Uint8Array.of(0x3b)]);
}

/** Numbers of 16 bits, the low byte first. */
function words(...numbers: readonly number[]): number[] {
  return numbers.flatMap((number) => [number & 255, number >> 8]);
}

/** The file with other bytes at a place that is counted from where some bytes are. */
function replaced(file: Uint8Array, marker: number, offset: number, bytes: readonly number[]): Uint8Array {
  const at = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === marker);
  const changed = file.slice();
  changed.set(bytes, at + offset);
  return changed;
}

Deno.test("decodePicture() refuses frames of a GIF that are too large, wherever they are", async () => {
  const pixels = "pixels, more than the 134217728 allowed; make it smaller first";
  await assertRefused(emptyGif(10, 10, [[0, 0, 65535, 65535]]), `The GIF has 65535x65535 ${pixels}`);
  await assertRefused(emptyGif(10, 10, [[60000, 60000, 5, 5]]), `The GIF has 60005x60005 ${pixels}`);
  await assertRefused(
    emptyGif(8192, 8192, [[0, 0, 8192, 8192]]),
    "The GIF of 8192x8192 pixels takes 1536 MiB to decode, more than the 896 allowed; make it smaller first",
  );
});

Deno.test("decodePicture() decodes the first frame of a GIF, however many and large the others are", async () => {
  const file = await gif(picture);
  const first = await decodePicture(file);
  const others = emptyGif(1, 1, Array.from({ length: 20_000 }, () => [0, 0, 65535, 65535])).subarray(19);
  const { data } = await bounded(() => decodePicture(concat([file.subarray(0, file.length - 1), others])));
  assertEquals(data, first.data);
});

Deno.test("decodePicture() refuses a GIF of blocks without end", async () => {
  const start = emptyGif(10, 10, []).subarray(0, 19);
  const block = Uint8Array.of(0x21, 0xfe, 1, 65, 0);
  const file = concat([start, ...Array.from({ length: 100_001 }, () => block)]);
  await assertRefused(
    file,
    "The GIF has more than the 100000 blocks allowed; save it again without metadata",
  );
  await assertRefused(file.subarray(0, 19 + 1000), "The GIF is cut short: its first frame is not there");
});

Deno.test("decodePicture() counts the scans of a JPEG, and refuses too many", async () => {
  const last = progressive.findLastIndex((byte, i) => byte === 0xff && progressive[i + 1] === 0xda);
  const scan = progressive.subarray(last, progressive.length - 2);
  const end = progressive.subarray(progressive.length - 2);
  const withScans = (count: number, start = progressive) =>
    concat([start.subarray(0, start.length - 2), ...Array.from({ length: count }, () => scan), end]);
  assertEquals((await decodePicture(progressive)).width, 16);
  const few = progressive.filter((byte, i) => byte === 0xff && progressive[i + 1] === 0xda).length;
  assertEquals((await decodePicture(withScans(100 - few))).width, 16);
  await assertRefused(
    withScans(2000),
    `The JPEG has ${2000 + few} scans, more than the 100 allowed at 16x16 pixels; save it again`,
  );
  // Fewer of them where there are more pixels
  const large = replaced(withScans(60), 0xc2, 5, [0x20, 0, 0x20, 0]);
  await assertRefused(
    large,
    `The JPEG has ${60 + few} scans, more than the 32 allowed at 8192x8192 pixels; save it again`,
  );
  // What follows the end marker is another picture, or a film
  const followed = concat([
    progressive,
    ...Array.from({ length: 200 }, () => Uint8Array.of(0xff, 0xda, 0, 2)),
  ]);
  assertEquals((await decodePicture(followed)).width, 16);
});

Deno.test("decodePicture() refuses a JPEG whose coefficients would take too much memory", async () => {
  const file = replaced(await jpeg(picture), 0xc0, 1, [0xc2]);
  await assertRefused(
    replaced(file, 0xc2, 5, [0x26, 0, 0x2a, 0]),
    /^The JPEG of 10752x9728 pixels takes \d+ MiB to decode, more than the 896 allowed; make it smaller first$/,
  );
});

Deno.test("decodePicture() says what kind of JPEG it does not decode", async () => {
  const file = await jpeg(picture);
  const kinds: [number, string][] = [
    [0xc3, "is lossless"],
    [0xc5, "is hierarchical"],
    [0xc9, "uses arithmetic coding"],
    [0xca, "uses arithmetic coding"],
    [0xcf, "is lossless with arithmetic coding"],
  ];
  for (const [marker, what] of kinds) {
    const sentence = `The JPEG ${what}, which is not supported; save it as an ordinary JPEG or as PNG`;
    await assertRefused(replaced(file, 0xc0, 1, [marker]), sentence);
  }
  await assertRefused(
    replaced(file, 0xc0, 4, [12]),
    "The JPEG has 12 bits a channel, which is not supported; save it as an ordinary JPEG or as PNG",
  );
  await assertRefused(
    replaced(file, 0xc0, 9, [2]),
    "The JPEG must have 1, 3 or 4 components, found 2; save it again",
  );
});

Deno.test("decodePicture() unpacks no more of a PNG than it has pixels", async () => {
  const size = { width: 3, height: 1, depth: 8, color: 0 };
  const zeros = deflateSync(new Uint8Array(16 * 2 ** 20));
  const good = png({ ...size, rows: [[1, 2, 3]] });
  const end = good.length - 12;
  // Text and a color profile that unpack to much are left alone
  for (const type of ["zTXt", "iCCP"]) {
    const chunk = pngChunk(type, concat([new TextEncoder().encode("a\0\0"), zeros]));
    const { data } = await bounded(() =>
      decodePicture(concat([good.subarray(0, 33), chunk, good.subarray(33)]))
    );
    assertEquals([data[0], data[4], data[8]], [1, 2, 3]);
  }
  // Of pixels, the first ones count
  const idat = concat([good.subarray(0, 33), pngChunk("IDAT", zeros), good.subarray(end)]);
  assertEquals((await bounded(() => decodePicture(idat))).data.length, 12);
  const text = pngChunk("tEXt", new Uint8Array(2));
  const chunks = Array.from({ length: 100_001 }, () => text);
  await assertRefused(
    concat([good.subarray(0, 33), ...chunks, good.subarray(33)]),
    "The PNG has more than the 100000 chunks allowed; save it again without metadata",
  );
});

Deno.test("decodePicture() says in plain words what is wrong with a PNG", async () => {
  const size = { width: 3, height: 2, depth: 8, color: 0 };
  const good = png({ ...size, rows: [[1, 2, 3], [4, 5, 6]] });
  const at = new TextDecoder("latin1").decode(good).indexOf("IDAT");
  const wrongSum = good.slice();
  wrongSum[good.length - 13]! ^= 1;
  const unpackable = concat([
    good.subarray(0, at - 4),
    pngChunk("IDAT", Uint8Array.of(1, 2, 3)),
    good.subarray(-12),
  ]);
  const cases: [Uint8Array, string][] = [
    [wrongSum, 'the checksum of its "IDAT" chunk is wrong'],
    [unpackable, "its pixels cannot be unpacked"],
    [png({ ...size, rows: [[1, 2, 3]] }), "its pixels end early"],
    [png({ ...size, width: 3000, height: 900, rows: [[1, 2, 3]] }), "its pixels end early"],
    [png({ ...size, color: 3, rows: [[1, 2, 3], [4, 5, 6]] }), "it has no palette"],
    [png({ ...size, color: 5, rows: [[1, 2, 3]] }), "a header with the numbers 8 5 0 0 0 makes no sense"],
    [png({ ...size, depth: 3, rows: [[1, 2, 3]] }), "a header with the numbers 3 0 0 0 0 makes no sense"],
  ];
  for (const [file, what] of cases) await assertRefused(file, `The PNG is corrupt: ${what}`);
});

Deno.test("decodePicture() makes no memory for pixels that a BMP or WebP only claims", async () => {
  const file = bmp(picture);
  new DataView(file.buffer).setUint32(18, 8192, true);
  new DataView(file.buffer).setUint32(22, 4096, true);
  await assertRefused(
    file,
    `The BMP is cut short: ${file.length - 54} of 100663296 bytes of pixels are there`,
  );
  const inner = (await webp(picture)).subarray(12);
  const header = new Uint8Array(10);
  const frame = (edge: number) =>
    concat([new Uint8Array(6), Uint8Array.of(edge, 63, 0, edge, 63, 0), new Uint8Array(4), inner]);
  const animated = (edge: number) =>
    riffChunk(
      "RIFF",
      concat([new TextEncoder().encode("WEBP"), riffChunk("VP8X", header), riffChunk("ANMF", frame(edge))]),
    );
  await assertRefused(animated(255), "The WebP is corrupt: a frame does not lie within its 1x1 pixels");
  const still = riffChunk(
    "RIFF",
    concat([new TextEncoder().encode("WEBP"), riffChunk("VP8X", header), inner]),
  );
  await assertRefused(still, "The WebP is corrupt: its header says 1x1, its pixels 23x17");
});

Deno.test("decodePicture() refuses a picture of one column or one row without end", async () => {
  for (const [width, height] of [[65_536, 1], [1, 65_536]] as const) {
    await assertRefused(
      png({ width, height, depth: 8, color: 0, rows: [[0]] }),
      `The PNG has ${width}x${height} pixels, more than the 65535 allowed along an edge; make it smaller first`,
    );
  }
});

Deno.test("decodePicture() refuses a file that is too long", async () => {
  // The same memory for all, as it is never touched
  const file = new Uint8Array(256 * 2 ** 20 + 1);
  await assertRefused(
    file,
    "The file has 257 MiB, more than the 256 that a picture may have; make it smaller first",
  );
});

Deno.test("decodePicture() decodes a large PNG in little more memory than it has pixels", async () => {
  const side = 2048;
  const rows = deflateSync(new Uint8Array((1 + 8 * side) * side));
  const small = await encodePng(picture);
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, side);
  new DataView(header.buffer).setUint32(4, side);
  header.set([16, 6], 8);
  const file = concat([
    small.subarray(0, 8),
    pngChunk("IHDR", header),
    pngChunk("IDAT", rows),
    small.subarray(-12),
  ]);
  // 16 MiB of pixels, 32 MiB once unpacked
  assertEquals((await bounded(() => decodePicture(file), 96)).data.length, 4 * side * side);
});

Deno.test("decodeApart() gives what the same decoder gives here, and says the same of what is damaged", async () => {
  const file = await jpeg(picture);
  assertEquals(await decodeApart(file), await decodePicture(file));
  const cut = concat([file.subarray(0, Math.floor(file.length * 0.7)), file.subarray(file.length - 2)]);
  await assertRejects(() => decodeApart(cut), PictureError, "its pixels or the tables for them are damaged");
});

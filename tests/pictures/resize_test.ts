import "../../src/host/on_native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  composeGrid,
  decodePicture,
  encodePng,
  type Picture,
  resizePicture,
  toGray,
  toRgb,
  toRgba,
} from "../../src/pictures/mod.ts";
import { ramp } from "./files.ts";

function gray(width: number, height: number, data: number[]): Picture {
  return { width, height, channels: 1, data: Uint8Array.from(data) };
}

/** The mean over an area, from the definition: every input pixel weighs as much as of it is covered. */
function areaMean({ width, height, channels, data }: Picture, toWidth: number, toHeight: number): Uint8Array {
  const out = new Uint8Array(toWidth * toHeight * channels);
  const covered = (i: number, to: number, from: number, k: number) =>
    Math.max(0, Math.min((i + 1) * from / to, k + 1) - Math.max(i * from / to, k));
  for (let y = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        let area = 0;
        for (let v = 0; v < height; v++) {
          for (let u = 0; u < width; u++) {
            const part = covered(x, toWidth, width, u) * covered(y, toHeight, height, v);
            sum += part * data[(v * width + u) * channels + c]!;
            area += part;
          }
        }
        out[(y * toWidth + x) * channels + c] = Math.round(sum / area);
      }
    }
  }
  return out;
}

Deno.test("resizePicture() averages over the exact area", async (t) => {
  for (const [from, to] of [[8, 4], [7, 3], [10, 9], [17, 1], [5, 4], [64, 28]] as const) {
    await t.step(`${from} to ${to}`, () => {
      const picture: Picture = {
        width: from,
        height: from + 3,
        channels: 3,
        data: Uint8Array.from({ length: from * (from + 3) * 3 }, (_, i) => (i * 7919 + i * i) % 256),
      };
      const resized = resizePicture(picture, to, to);
      const expected = areaMean(picture, to, to);
      // A mean that ends in .5 may fall either way
      for (let i = 0; i < expected.length; i++) {
        assert(Math.abs(resized.data[i]! - expected[i]!) <= 1, `${i}: ${resized.data[i]} and ${expected[i]}`);
      }
    });
  }
});

Deno.test("resizePicture() counts pixels at the border by the part that is covered", () => {
  assertEquals(resizePicture(gray(3, 1, [0, 90, 240]), 2, 1).data, Uint8Array.of(30, 190));
});

Deno.test("resizePicture() interpolates between pixel centres when it enlarges", () => {
  assertEquals(resizePicture(gray(2, 1, [0, 100]), 4, 1).data, Uint8Array.of(0, 25, 75, 100));
  assertEquals(resizePicture(gray(1, 1, [7]), 3, 2).data, new Uint8Array(6).fill(7));
});

Deno.test("resizePicture() keeps a plain picture plain", () => {
  for (const level of [0, 1, 127, 254, 255]) {
    for (const [from, to] of [[97, 64], [11, 64], [1000, 3]] as const) {
      const plain = {
        width: from,
        height: from,
        channels: 1 as const,
        data: new Uint8Array(from * from).fill(level),
      };
      assertEquals(resizePicture(plain, to, to).data, new Uint8Array(to * to).fill(level));
    }
  }
});

Deno.test("resizePicture() takes each axis by itself, and nothing but whole sizes", () => {
  const resized = resizePicture(gray(2, 4, [0, 40, 20, 60, 100, 100, 100, 100]), 4, 2);
  assertEquals([resized.width, resized.height], [4, 2]);
  assertEquals(resized.data, Uint8Array.of(10, 20, 40, 50, 100, 100, 100, 100));
  const same = ramp(4, 4);
  assertEquals(resizePicture(same, 4, 4), same);
  assertThrows(() => resizePicture(same, 0, 4), RangeError, "whole numbers above 0, found 0x4");
  assertThrows(() => resizePicture(same, 1.5, 4), RangeError, "found 1.5x4");
  assertThrows(() => resizePicture(toRgba(same), 2, 2), RangeError, "alpha");
  assertThrows(() => resizePicture(gray(2, 2, [1]), 1, 1), RangeError, "must have 4 values, found 1");
});

Deno.test("toRgb() composes alpha over white and repeats gray", () => {
  const data = Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 200, 128);
  assertEquals(
    toRgb({ width: 3, height: 1, channels: 4, data }).data,
    Uint8Array.of(10, 20, 30, 255, 255, 255, 127, 177, 227),
  );
  assertEquals(toRgb(gray(1, 1, [9])).data, Uint8Array.of(9, 9, 9));
  const veiled: Picture = { width: 2, height: 1, channels: 2, data: Uint8Array.of(10, 0, 100, 128) };
  assertEquals(toRgb(veiled).data, Uint8Array.of(255, 255, 255, 177, 177, 177));
  assertEquals(toRgba(veiled).data, Uint8Array.of(10, 10, 10, 0, 100, 100, 100, 128));
});

Deno.test("toGray() weighs colors by Rec. 601", () => {
  const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 80, 80, 80);
  assertEquals(toGray({ width: 4, height: 1, channels: 3, data }).data, Uint8Array.of(76, 150, 29, 80));
});

Deno.test("composeGrid() lays pictures out as one reads", () => {
  const batch = { width: 1, height: 1, channels: 1, data: Uint8Array.of(1, 2, 3) } as const;
  assertEquals(
    composeGrid(batch, { columns: 2, padding: 1, background: 9 }),
    gray(5, 5, [9, 9, 9, 9, 9, 9, 1, 9, 2, 9, 9, 9, 9, 9, 9, 9, 3, 9, 9, 9, 9, 9, 9, 9, 9]),
  );
  assertEquals(composeGrid(batch, { padding: 0 }), gray(2, 2, [1, 2, 3, 255]));
  assertEquals(composeGrid(batch, { columns: 3, padding: 0 }), gray(3, 1, [1, 2, 3]));
});

Deno.test("composeGrid() keeps alpha, and puts opaque padding around it", () => {
  const batch = { width: 1, height: 1, channels: 2, data: Uint8Array.of(7, 0, 8, 100) } as const;
  const { width, data } = composeGrid(batch, { columns: 2, padding: 1 });
  assertEquals([...data.subarray(2 * width, 4 * width)], [255, 255, 7, 0, 255, 255, 8, 100, 255, 255]);
});

Deno.test("composeGrid() refuses part of a picture and odd options", () => {
  const batch = { width: 2, height: 2, channels: 1, data: new Uint8Array(6) } as const;
  assertThrows(() => composeGrid(batch), RangeError, "must have a multiple of 4 values, found 6");
  const whole = { ...batch, data: new Uint8Array(8) };
  assertThrows(() => composeGrid(whole, { columns: 0 }), RangeError, "columns must be a whole number from 1");
  assertThrows(() => composeGrid(whole, { padding: -1 }), RangeError, "padding");
  assertThrows(() => composeGrid(whole, { background: 256 }), RangeError, "background");
});

Deno.test("encodePng() loses nothing", async (t) => {
  for (const channels of [1, 2, 3, 4] as const) {
    await t.step(`${channels} channels`, async () => {
      const data = Uint8Array.from({ length: 13 * 7 * channels }, (_, i) => (i * 37) % 256);
      const picture: Picture = { width: 13, height: 7, channels, data };
      assertEquals(await decodePicture(await encodePng(picture)), toRgba(picture));
    });
  }
});

Deno.test("encodePng() gives the same bytes at another time", async () => {
  const first = await encodePng(ramp(9, 9));
  await new Promise((done) => setTimeout(done, 1100));
  assertEquals(await encodePng(ramp(9, 9)), first);
  assert(!new TextDecoder("latin1").decode(first).includes("Creation"));
});

Deno.test("encodePng() refuses data that does not fit", async () => {
  const error = await encodePng(gray(2, 2, [1, 2, 3])).catch((error) => error);
  assert(error instanceof RangeError && error.message.includes("must have 4 values, found 3"), String(error));
});

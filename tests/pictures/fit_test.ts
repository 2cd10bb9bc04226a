import "../../src/host/on_native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Channels,
  cropPicture,
  fitPicture,
  type ImageSize,
  type Picture,
  sidesOf,
  toGray,
  toRgb,
  toRgba,
} from "../../src/pictures/mod.ts";
import { ramp } from "./files.ts";

function gray(width: number, height: number, data: number[]): Picture {
  return { width, height, channels: 1, data: Uint8Array.from(data) };
}

/** Pixels of red, green, blue and alpha. */
function rgba(width: number, ...pixels: readonly (readonly number[])[]): Picture {
  return { width, height: pixels.length / width, channels: 4, data: Uint8Array.from(pixels.flat()) };
}

Deno.test("cropPicture() keeps the middle, as much of it as has the ratio", () => {
  const square = sidesOf(1);
  assertEquals(cropPicture(gray(4, 2, [1, 2, 3, 4, 5, 6, 7, 8]), square), gray(2, 2, [2, 3, 6, 7]));
  assertEquals(cropPicture(gray(1, 3, [1, 2, 3]), square), gray(1, 1, [2]));
  assertEquals(cropPicture(gray(3, 2, [1, 2, 3, 4, 5, 6]), square), gray(2, 2, [1, 2, 4, 5]));
  const wide = gray(6, 2, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assertEquals(cropPicture(wide, { width: 40, height: 20 }), gray(4, 2, [2, 3, 4, 5, 8, 9, 10, 11]));
  assertEquals(cropPicture(wide, { width: 6, height: 1 }), gray(6, 1, [1, 2, 3, 4, 5, 6]));
  assertEquals(cropPicture(wide, { width: 1, height: 2 }), gray(1, 2, [3, 9]));
  assertEquals(cropPicture(wide, { width: 1, height: 500 }), gray(1, 2, [3, 9]));
  assertEquals(cropPicture(wide, { width: 3, height: 1 }), wide);
});

Deno.test("cropPicture() takes the part at a place along the side that is cut", () => {
  const wide = gray(5, 1, [1, 2, 3, 4, 5]);
  const places = [0, 0.24, 0.25, 0.5, 0.99, 1];
  assertEquals(places.map((place) => cropPicture(wide, sidesOf(1), place).data[0]), [1, 1, 2, 3, 4, 5]);
  assertEquals(cropPicture(gray(1, 3, [1, 2, 3]), sidesOf(1), 1), gray(1, 1, [3]));
  for (const place of [-0.1, 1.1, NaN]) {
    assertThrows(
      () => cropPicture(wide, sidesOf(1), place),
      RangeError,
      `must be from 0 to 1, found ${place}`,
    );
  }
});

Deno.test("fitPicture() crops, composes, resizes and grays", () => {
  const fitted = fitPicture(toRgba(ramp(50, 20)), { size: 16, channels: 1 });
  assertEquals([fitted.width, fitted.height, fitted.channels, fitted.data.length], [16, 16, 1, 256]);
  assertEquals(fitPicture(ramp(50, 20), { size: 16, channels: 3 }).data.length, 16 * 16 * 3);
});

Deno.test("fitPicture() gives any size and channels", () => {
  for (const size of [16, "24x16", "8x32"] as ImageSize[]) {
    for (const channels of [1, 2, 3, 4] as Channels[]) {
      const { width, height } = sidesOf(size);
      for (const picture of [ramp(50, 20), toRgba(ramp(50, 20)), ramp(width, height), gray(1, 1, [9])]) {
        const fitted = fitPicture(picture, { size, channels });
        assertEquals([fitted.width, fitted.height, fitted.channels], [width, height, channels]);
        assertEquals(fitted.data.length, width * height * channels);
      }
    }
  }
});

Deno.test("fitPicture() weighs colors by their alpha", () => {
  const half = rgba(2, [200, 100, 40, 255], [0, 0, 0, 0]);
  // What is hidden does not darken the edge
  assertEquals(fitPicture({ ...half, width: 1, height: 2 }, { size: 1, channels: 4, crop: 0 }).data[3], 255);
  const edge = rgba(2, [200, 100, 40, 255], [0, 0, 0, 0], [0, 0, 0, 0], [200, 100, 40, 255]);
  assertEquals(fitPicture(edge, { size: 1, channels: 4 }).data, Uint8Array.of(200, 100, 40, 128));
  const luma = toGray({ width: 1, height: 1, channels: 3, data: Uint8Array.of(200, 100, 40) }).data[0]!;
  assertEquals(fitPicture(edge, { size: 1, channels: 2 }).data, Uint8Array.of(luma, 128));
  // 3/4 of 255 and 1/4 of 85
  const mixed = rgba(2, [0, 0, 0, 255], [0, 0, 0, 255], [0, 0, 0, 255], [255, 255, 255, 85]);
  const [level, , , alpha] = fitPicture(mixed, { size: 1, channels: 4 }).data;
  assertEquals([level, alpha], [Math.round(255 * 85 / (3 * 255 + 85)), Math.round((3 * 255 + 85) / 4)]);
});

Deno.test("fitPicture() makes pixels white that nothing is seen of, and keeps the others", () => {
  const picture = rgba(2, [1, 2, 3, 0], [4, 5, 6, 255], [7, 8, 9, 1], [10, 11, 12, 254]);
  assertEquals(
    fitPicture(picture, { size: 2, channels: 4 }).data,
    Uint8Array.of(255, 255, 255, 0, 4, 5, 6, 255, 7, 8, 9, 1, 10, 11, 12, 254),
  );
});

Deno.test("fitPicture() gives opaque pictures the same colors with alpha as without", () => {
  const picture = ramp(37, 29);
  for (const size of [16, 40, "16x8"] as ImageSize[]) {
    const plain = fitPicture(picture, { size, channels: 3 });
    const veiled = fitPicture(picture, { size, channels: 4 });
    assert(veiled.data.every((level, at) => at % 4 !== 3 || level === 255));
    const colors = toRgb(veiled);
    assert(colors.data.every((level, at) => Math.abs(level - plain.data[at]!) <= 1), `${size}`);
  }
});

import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { decodePicture } from "../../../src/pictures/mod.ts";
import type { Channels } from "../../../src/pictures/picture.ts";
import { encodePlainPng } from "../../../src/pictures/png/plain_png.ts";

Deno.test("encodePlainPng() keeps every pixel, whatever the channels", async () => {
  for (const channels of [1, 2, 3, 4] as Channels[]) {
    const [width, height] = [5, 3];
    const data = Uint8Array.from({ length: width * height * channels }, (_, at) => Math.imul(at + 1, 97));
    const found = await decodePicture(await encodePlainPng({ width, height, channels, data }));
    const gray = channels < 3;
    const expected = Array.from({ length: width * height }, (_, at) => {
      const pixel = [...data.subarray(at * channels, (at + 1) * channels)];
      const color = gray ? [pixel[0], pixel[0], pixel[0]] : pixel.slice(0, 3);
      return [...color, channels % 2 === 0 ? pixel.at(-1) : 255];
    });
    const rgba = Array.from({ length: width * height }, (_, at) => {
      const pixel = [...found.data.subarray(at * found.channels, (at + 1) * found.channels)];
      const color = found.channels < 3 ? [pixel[0], pixel[0], pixel[0]] : pixel.slice(0, 3);
      return [...color, found.channels % 2 === 0 ? pixel.at(-1) : 255];
    });
    assertEquals(rgba, expected);
  }
  const wrong = { width: 2, height: 2, channels: 1, data: new Uint8Array(3) } as const;
  await assertRejects(() => encodePlainPng(wrong), RangeError, "must have 4 values");
});

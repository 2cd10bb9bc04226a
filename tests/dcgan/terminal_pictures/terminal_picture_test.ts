import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodePicture, encodePng, type Picture, PictureError, toRgb } from "../../../src/pictures/mod.ts";
import { terminalPicture } from "../../../src/dcgan/terminal_pictures/terminal_picture.ts";
import { randomValues } from "../../support/random.ts";
import { readSixels } from "./read_sixels.ts";

/** A picture of noise, or of a smooth change of colors. */
function pictureOf(width: number, height: number, channels: 1 | 3 | 4, isNoise = false): Picture {
  const noise = randomValues(width * height * channels, 1, [0, 256]);
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    if (isNoise) return noise[i]!;
    return [pixel % width / width * 255, Math.floor(pixel / width) / height * 255, 128, 255][i % channels]!;
  });
  return { width, height, channels, data };
}

/** The PNG in a text of kitty's protocol, put together from its pieces. */
function kittyPng(text: string): Uint8Array {
  // deno-lint-ignore no-control-regex -- the escapes of the protocol
  const pieces = [...text.matchAll(/\x1b_G([^;]*);([^\x1b]*)\x1b\\/g)];
  assertEquals(pieces.map(([all]) => all).join("") + "\n", text);
  assertEquals(
    pieces.map(([, keys]) => keys),
    pieces.map((_, i) => `${i === 0 ? "a=T,f=100,q=2," : ""}m=${i === pieces.length - 1 ? 0 : 1}`),
  );
  assert(pieces.every(([, , data]) => data!.length <= 4096 && data!.length % 4 === 0));
  return Uint8Array.fromBase64(pieces.map(([, , data]) => data).join(""));
}

/** The PNG in a text of iTerm2's. */
function itermPng(text: string): Uint8Array {
  // deno-lint-ignore no-control-regex -- the escapes of the protocol
  const [, size, data] = /^\x1b\]1337;File=inline=1;size=(\d+):([^\x07]*)\x07\n$/.exec(text)!;
  const png = Uint8Array.fromBase64(data!);
  assertEquals(png.length, Number(size));
  return png;
}

Deno.test("terminalPicture() for kitty and iTerm2 holds the same pixels", async () => {
  for (
    const picture of [
      pictureOf(1, 1, 3),
      pictureOf(90, 70, 3, true),
      pictureOf(33, 20, 1),
      pictureOf(5, 9, 4),
    ]
  ) {
    const file = await encodePng(picture);
    for (
      const png of [
        kittyPng(await terminalPicture(file, "kitty")),
        itermPng(await terminalPicture(file, "iterm")),
      ]
    ) {
      const { width, height, data } = toRgb(await decodePicture(png));
      assertEquals([width, height, data], [picture.width, picture.height, toRgb(picture).data]);
    }
  }
});

Deno.test("terminalPicture() for sixels has every pixel, within a step of its colors", async () => {
  const steps = { color: [255 / 5, 255 / 6, 255 / 5], gray: Array(3).fill(255 / 63) };
  for (
    const [picture, step] of [
      [pictureOf(1, 1, 3), steps.color],
      [pictureOf(64, 48, 3), steps.color],
      [pictureOf(31, 17, 3, true), steps.color],
      [pictureOf(40, 13, 1), steps.gray],
    ] as const
  ) {
    const { width, height, pixels } = readSixels(
      (await terminalPicture(await encodePng(picture), "sixel")).trimEnd(),
    );
    const { data } = toRgb(picture);
    assertEquals([width, height], [picture.width, picture.height]);
    for (let at = 0; at < width * height; at++) {
      // Percent are rounded too
      pixels[at]!.forEach((value, i) =>
        assert(Math.abs(value - data[at * 3 + i]!) < step[i]! + 1.5, `pixel ${at}: ${pixels[at]}`)
      );
    }
    // Dithering keeps the mean
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
    if (width > 1) assert(Math.abs(mean(pixels.flat()) - mean([...data])) < 3);
  }
});

Deno.test("terminalPicture() bounds what it writes, whatever the picture", async () => {
  // The worst of pictures is noise
  const file = await encodePng(pictureOf(1300, 500, 3, true));
  const sixels = await terminalPicture(file, "sixel");
  const { width, height } = readSixels(sixels.trimEnd());
  assertEquals([width, height], [800, 308]);
  assert(sixels.length < 7 * width * height + 8192, `${sixels.length}`);
  const png = await decodePicture(kittyPng(await terminalPicture(file, "kitty")));
  assertEquals([png.width, png.height], [800, 308]);
});

Deno.test("terminalPicture() refuses what is no picture", async () => {
  await assertRejects(() => terminalPicture(new Uint8Array(9), "kitty"), PictureError);
});

import { assertEquals, assertRejects } from "@std/assert";
import { showImages } from "../../../src/dcgan/notebook/show_images.ts";
import { decodePicture, type Picture } from "../../../src/pictures/mod.ts";
import { bundleOf } from "../../support/bundle_of.ts";
import { gpuTest } from "../../support/gpu.ts";

const gray = (width: number, height: number, count = 1) => ({
  width,
  height,
  channels: 1 as const,
  data: Uint8Array.from({ length: width * height * count }, (_, i) => i % 251),
});

async function sizeOf(images: Parameters<typeof showImages>[0], options = {}): Promise<number[]> {
  const { png } = await showImages(images, options);
  const { width, height } = await decodePicture(png!);
  return [width, height];
}

gpuTest("showImages() shows a tensor as a grid, whose pixels are squares", async (device) => {
  const x = device.tensor([-1, 1, -1, 1], { shape: [2, 1, 2, 1] });
  const shown = await showImages(x, { columns: 1, scale: 3 });
  assertEquals(`${shown}`, "2 images of 2x1, 1 channel");
  assertEquals(Deno.inspect(shown), `${shown}`);
  const { width, height, data } = await decodePicture(shown.png!);
  assertEquals([width, height], [3 * 6, 3 * 8]);
  const row = (y: number) => Array.from({ length: width }, (_, x) => data[(y * width + x) * 4]);
  const white = Array(6).fill(255);
  for (const y of [6, 8, 15, 17]) assertEquals(row(y), [...white, 0, 0, 0, 255, 255, 255, ...white]);
  assertEquals(row(9), Array(18).fill(255));
  assertEquals(await bundleOf(shown), { "text/plain": `${shown}`, "image/png": shown.png!.toBase64() });
});

Deno.test("showImages() enlarges small pictures up to 8 times, and within 512 pixels", async () => {
  assertEquals(await sizeOf(gray(16, 16)), [128, 128]);
  assertEquals(await sizeOf(gray(100, 50)), [500, 250]);
  assertEquals(await sizeOf(gray(600, 10)), [600, 10]);
  assertEquals(await sizeOf(gray(30, 30, 9)), [98 * 5, 98 * 5]);
  assertEquals(await sizeOf(gray(30, 30, 9), { scale: 1, columns: 9 }), [290, 34]);
});

Deno.test("showImages() refuses options that it cannot use", async () => {
  const picture: Picture = gray(8, 8);
  const refusals = [
    [{ range: [0, 1] }, TypeError, "pictures in memory have no range"],
    [{ scale: 0 }, RangeError, "scale must be a whole number from 1 to 64, found 0"],
    [{ scale: 1.5 }, RangeError, "found 1.5"],
    [{ columns: 0 }, RangeError, "columns must be a whole number"],
    [{ column: 2 }, TypeError, "Did you mean 'columns'?"],
  ] as const;
  for (const [options, kind, message] of refusals) {
    await assertRejects(() => showImages(picture, options as never), kind, message);
  }
  const many = { ...gray(1, 1), data: new Uint8Array(8_000_000) };
  await assertRejects(() => showImages(many), RangeError, "their number must be at most");
});

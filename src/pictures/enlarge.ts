import type { PictureBatch } from "./grid.ts";

/**
 * A batch of pictures with every pixel as a square of `scale` x `scale`: nothing is smoothed.
 *
 * @param scale A whole number of at least 1.
 */
export function enlarge<B extends PictureBatch>(batch: B, scale: number): B {
  if (scale === 1) return batch;
  const { width, channels, data } = batch;
  const rows = data.length / (width * channels);
  const wide = width * scale * channels;
  const out = new Uint8Array(rows * scale * wide);
  for (let y = 0; y < rows; y++) {
    const start = y * scale * wide;
    for (let x = 0, to = start; x < width; x++) {
      const pixel = data.subarray((y * width + x) * channels, (y * width + x + 1) * channels);
      for (let i = 0; i < scale; i++, to += channels) out.set(pixel, to);
    }
    for (let i = 1; i < scale; i++) out.copyWithin(start + i * wide, start, start + wide);
  }
  return { ...batch, width: width * scale, height: batch.height * scale, data: out };
}

/**
 * Images with their channels before their pixels, as PyTorch and `.npy` files have them.
 *
 * @param values Images one after another, each pixel by pixel.
 * @param pixels Pixels of an image.
 */
export function planesOf(
  values: Float32Array,
  channels: number,
  pixels: number,
): Float32Array<ArrayBuffer> {
  const planes = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const image = Math.floor(i / (pixels * channels));
    planes[(image * channels + i % channels) * pixels + Math.floor(i / channels) % pixels] = values[i]!;
  }
  return planes;
}

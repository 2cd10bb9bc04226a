import type { ImageSides } from "../../../pictures/mod.ts";

/** Rounds of the solver: more change no byte of pictures of the sizes that are trained. */
const ROUNDS = 2000;

/** How far each round overshoots, for faster convergence (successive over-relaxation). */
const OVERSHOOT = 1.8;

/** Change in levels after which the solver ends. */
const STILL = 0.01;

/**
 * Fills the hole of a picture with what another has there, so that no seam is seen: inside the hole the
 * differences between neighboring pixels are those of the other picture, and around it the pixels are the
 * picture's own (Poisson blending, Pérez et al. 2003; for inpainting with a generator Yeh et al. 2017,
 * arXiv:1607.07539, section 3.3).
 *
 * @param picture Bytes of the picture, `[height, width, channels]`.
 * @param filling Bytes of the other picture, of the same shape.
 * @param counted A number for each pixel: 0 in the hole.
 */
export function blend(
  picture: Uint8Array,
  filling: Uint8Array,
  counted: Float32Array,
  { width, height }: ImageSides,
): Uint8Array<ArrayBuffer> {
  const channels = picture.length / (width * height);
  const hole = [...counted.keys()].filter((pixel) => counted[pixel] === 0);
  const values = Float32Array.from(picture);
  for (const pixel of hole) {
    for (let c = 0; c < channels; c++) values[pixel * channels + c] = filling[pixel * channels + c]!;
  }
  const neighbors = hole.map((pixel) => neighborsOf(pixel, width, height));
  for (let round = 0; round < ROUNDS; round++) {
    let most = 0;
    for (const [i, pixel] of hole.entries()) {
      for (let c = 0; c < channels; c++) {
        const at = pixel * channels + c;
        let sum = 0;
        for (const other of neighbors[i]!) {
          const beside = other * channels + c;
          sum += values[beside]! + filling[at]! - filling[beside]!;
        }
        const change = OVERSHOOT * (sum / neighbors[i]!.length - values[at]!);
        values[at]! += change;
        most = Math.max(most, Math.abs(change));
      }
    }
    if (most < STILL) break;
  }
  return Uint8Array.from(values, (value) => Math.round(Math.min(255, Math.max(0, value))));
}

/** The pixels above, below, left and right. */
function neighborsOf(pixel: number, width: number, height: number): number[] {
  const [x, y] = [pixel % width, Math.floor(pixel / width)];
  return [
    ...(x > 0 ? [pixel - 1] : []),
    ...(x < width - 1 ? [pixel + 1] : []),
    ...(y > 0 ? [pixel - width] : []),
    ...(y < height - 1 ? [pixel + width] : []),
  ];
}

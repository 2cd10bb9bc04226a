/**
 * Peak signal-to-noise ratio of two pictures in decibels: `10 log10(255^2 / mean((a - b)^2))`. Infinite if
 * they are equal; above 30 they look alike, below 20 they do not.
 *
 * @param a Bytes of a picture.
 * @param b Bytes of the other.
 * @param counted A number for each pixel: 0 if it does not count.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(psnr(Uint8Array.of(0, 9), Uint8Array.of(255, 9), Float32Array.of(1, 0)), 0);
 * ```
 */
export function psnr(a: Uint8Array, b: Uint8Array, counted: Float32Array): number {
  const channels = a.length / counted.length;
  let [squares, count] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    if (counted[Math.floor(at / channels)] === 0) continue;
    squares += (a[at]! - b[at]!) ** 2;
    count++;
  }
  return 10 * Math.log10(255 ** 2 / (squares / count));
}

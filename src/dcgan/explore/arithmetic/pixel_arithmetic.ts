/**
 * The mean of pictures, value by value.
 *
 * @param pictures Bytes of pictures, one after another.
 * @param each Values of a picture.
 * @param places Which of them; all, if not given.
 */
export function meanPicture(
  pictures: Uint8Array,
  each: number,
  places: readonly number[] = Array.from({ length: pictures.length / each }, (_, at) => at),
): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(each);
  for (const at of places) {
    for (let i = 0; i < each; i++) mean[i]! += pictures[at * each + i]! / places.length;
  }
  return mean;
}

/**
 * `a - b + c`, value by value, as bytes: what is too dark or too bright is cut off. This overlays pictures, and does not
 * join them (the paper, figure 7).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const of = (value: number) => Float32Array.of(value);
 * assertEquals([...combinePictures(of(200), of(50), of(10))], [160]);
 * assertEquals([...combinePictures(of(200), of(50), of(110))], [255]);
 * ```
 */
export function combinePictures(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): Uint8Array<ArrayBuffer> {
  const bytes = Uint8ClampedArray.from(a, (value, i) => value - b[i]! + c[i]!);
  return new Uint8Array(bytes.buffer);
}

import { readPictureHeader } from "../../../src/pictures/mod.ts";

/**
 * Median of the shorter sides of pictures, in pixels, by their headers. Those that cannot be read do not
 * count.
 *
 * @param files Reads the file of each.
 * @returns Nothing if no picture can be read.
 */
export async function medianSize(files: readonly (() => Promise<Uint8Array>)[]): Promise<number | undefined> {
  const sides: number[] = [];
  // One after the other, as files may be large
  for (const read of files) {
    try {
      const { width, height } = readPictureHeader(await read());
      sides.push(Math.min(width, height));
    } catch {
      // Reading the images will say what is wrong with it
    }
  }
  return sides.sort((a, b) => a - b)[Math.floor(sides.length / 2)];
}

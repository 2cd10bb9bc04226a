import { host } from "../../../host/host.ts";
import {
  checkFileLength,
  decodePicture,
  fitPicture,
  type Picture,
  PictureError,
  sidesOf,
} from "../../../pictures/mod.ts";
import type { OpenGenerator } from "../open_generator.ts";

/** Level of a mask from which on its pixels are to be filled in. */
const WHITE = 128;

/**
 * Reads a picture file, made ready as training does: its middle, in the generator's size and channels.
 *
 * @throws {PictureError} naming the file, if it cannot be read.
 */
export async function readTarget(path: string, { size, channels }: OpenGenerator): Promise<Uint8Array> {
  return fitPicture(await readPicture(path), { size, channels: channels as Picture["channels"] }).data;
}

/**
 * Reads a mask: white where pixels are to be filled in, black where they count.
 *
 * @returns A number for each pixel of the generator's pictures: 1 if it counts, else 0.
 * @throws {RangeError} if all pixels would be filled in, or none.
 */
export async function readMask(path: string, { size }: OpenGenerator): Promise<Float32Array> {
  const { data } = fitPicture(await readPicture(path), { size, channels: 1 });
  const counted = Float32Array.from(data, (level) => level < WHITE ? 1 : 0);
  const known = counted.reduce((sum, one) => sum + one, 0);
  if (known > 0 && known < counted.length) return counted;
  const { width, height } = sidesOf(size);
  throw new RangeError(
    `Cannot use the mask ${path}: it must be white where pixels are to be filled in and black elsewhere, found all ` +
      `${width}x${height} pixels ${known === 0 ? "white" : "black"}`,
  );
}

async function readPicture(path: string): Promise<Picture> {
  try {
    const { size } = await host().stat(path);
    checkFileLength(size);
    return await decodePicture(await host().readFile(path));
  } catch (error) {
    if (error instanceof PictureError) {
      throw new PictureError(`Cannot use ${path}: ${error.message}`, { cause: error });
    }
    if (host().problemOf(error) !== "NotFound") throw error;
    throw new PictureError(`Cannot use ${path}: it must be a picture, found nothing there`, { cause: error });
  }
}

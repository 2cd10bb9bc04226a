import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { decodePicture, type Picture, toRgb } from "../../../src/pictures/mod.ts";
import { trainTiny, withFolder } from "../tiny.ts";

/** Calls `body` with a folder, and a run of three steps in it that keeps all of its pictures and checkpoints. */
export async function withPictures(
  device: Device,
  body: (folder: string, run: string) => Promise<void>,
  options: TrainOptions = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const out = `${folder}/my run`;
    await trainTiny(device, { out, steps: 3, sampleEvery: 1, checkpointEvery: 1, keep: "all", ...options });
    await body(folder, out);
  });
}

/** A picture of a file. */
export async function pictureIn(path: string): Promise<Picture> {
  return toRgb(await decodePicture(await Deno.readFile(path)));
}

/** A part of a picture. */
export function partOf(
  picture: Picture,
  left: number,
  top: number,
  width: number,
  height: number,
): Uint8Array {
  const rows = Array.from({ length: height }, (_, y) => {
    const start = ((top + y) * picture.width + left) * picture.channels;
    return picture.data.subarray(start, start + width * picture.channels);
  });
  return new Uint8Array(Buffer.concat(rows));
}

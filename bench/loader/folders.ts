import { Image } from "imagescript";
import { fileURLToPath } from "node:url";
import { openDataset } from "../../plugins/datasets/mod.ts";
import { type Picture, resizePicture } from "../../src/pictures/mod.ts";

/** Real photos beside the repository, which are used where they are there. */
const PHOTOS = fileURLToPath(new URL("../../../shared/data/cifar10-jpeg.zip", import.meta.url));

/** Edge of the photos. */
export const PHOTO_SIZE = 32;

/** Pictures of the size that CelebA's aligned ones have. */
export const PORTRAIT = { width: 178, height: 218 } as const;

/** How much noise makes up for the detail that enlarged pictures lack. */
const NOISE = 12;

/** A folder that goes when it is disposed. */
export class TemporaryFolder implements AsyncDisposable {
  /** Its path. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes one, in memory where the system has a place for that. */
  static async make(): Promise<TemporaryFolder> {
    const inMemory = await Deno.stat("/dev/shm").then(({ isDirectory }) => isDirectory, () => false);
    const dir = inMemory ? { dir: "/dev/shm" } : {};
    return new TemporaryFolder(await Deno.makeTempDir({ prefix: "bench-pictures-", ...dir }));
  }

  /** Deletes it with all that is in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** JPEG files of 32x32 pixels in one folder: photos where they are there, else drawn faces. */
export async function writeSmallJpegs(folder: string, count: number): Promise<void> {
  const pictures = await smallPictures(Math.min(count, 500));
  const files = await Promise.all(pictures.map(encodeJpeg));
  for (let i = 0; i < count; i++) {
    await Deno.writeFile(`${folder}/${String(i).padStart(6, "0")}.jpg`, files[i % files.length]!);
  }
}

/** JPEG files of 178x218 pixels in one folder: the small ones enlarged, with noise for detail. */
export async function writePortraits(folder: string, count: number): Promise<void> {
  for (const [i, picture] of (await smallPictures(count)).entries()) {
    const large = resizePicture(picture, PORTRAIT.width, PORTRAIT.height);
    const data = large.data.map((level, at) => level + (Math.imul(at + i, 2654435761) >>> 24) * NOISE / 255);
    await Deno.writeFile(`${folder}/${String(i).padStart(6, "0")}.jpg`, await encodeJpeg({ ...large, data }));
  }
}

async function smallPictures(count: number): Promise<Picture[]> {
  const hasPhotos = await Deno.stat(PHOTOS).then(() => true, () => false);
  await using dataset = await openDataset(hasPhotos ? PHOTOS : "faces", {
    size: PHOTO_SIZE,
    channels: 3,
    ...(hasPhotos ? { options: { within: "train" } } : {}),
  });
  const each = PHOTO_SIZE * PHOTO_SIZE * 3;
  const pixels = new Uint8Array(count * each);
  const apart = Math.floor(dataset.length / count);
  await dataset.read(Array.from({ length: count }, (_, i) => i * apart), pixels);
  return Array.from({ length: count }, (_, i) => ({
    width: PHOTO_SIZE,
    height: PHOTO_SIZE,
    channels: 3,
    data: pixels.slice(i * each, (i + 1) * each),
  }));
}

async function encodeJpeg({ width, height, data }: Picture): Promise<Uint8Array> {
  const image = new Image(width, height);
  for (let i = 0; i < width * height; i++) image.bitmap.set([...data.subarray(3 * i, 3 * i + 3), 255], 4 * i);
  return await image.encodeJPEG(90);
}

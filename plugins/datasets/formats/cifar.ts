import { DatasetError } from "../contract.ts";

/** Edge of an image. */
export const CIFAR_EDGE = 32;

const PLANE = CIFAR_EDGE * CIFAR_EDGE;

/** Bytes of an image: all red, then all green, then all blue. */
export const CIFAR_BYTES: number = 3 * PLANE;

/** Images of the binary version of CIFAR: https://www.cs.toronto.edu/~kriz/cifar.html describes it. */
export interface CifarImages {
  /** How many there are. */
  readonly length: number;
  /** One of an image's labels: of CIFAR-100 the first is the coarse one, the second the fine one. */
  label(image: number, which: number): number;
  /** An image as 32x32 pixels of red, green and blue (HWC). */
  pixels(image: number): Uint8Array;
}

/**
 * Reads files of the binary version of CIFAR: records of one label byte for each list of classes, then 1,024
 * bytes each of red, green and blue.
 *
 * @param files The files, in order, each with its path for messages.
 * @param classCounts Number of classes of each label byte.
 * @throws {DatasetError} if a file is no whole number of records, or a label is none of the classes.
 */
export function readCifar(
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
  classCounts: readonly number[],
): CifarImages {
  const labels = classCounts.length;
  const record = labels + 3 * PLANE;
  const starts: { bytes: Uint8Array; first: number }[] = [];
  let length = 0;
  for (const { path, bytes } of files) {
    if (bytes.length === 0 || bytes.length % record !== 0) {
      throw new DatasetError(
        `${path} must hold records of ${record} bytes, found ${bytes.length} bytes, ` +
          `${bytes.length % record} more than whole records`,
      );
    }
    for (let at = 0, image = 0; at < bytes.length; at += record, image++) {
      const wrong = classCounts.findIndex((count, which) => bytes[at + which]! >= count);
      if (wrong < 0) continue;
      throw new DatasetError(
        `${path} must hold labels from 0 to ${classCounts[wrong]! - 1}, ` +
          `found ${bytes[at + wrong]} for image ${image}`,
      );
    }
    starts.push({ bytes, first: length });
    length += bytes.length / record;
  }
  const at = (image: number): Uint8Array => {
    const { bytes, first } = starts.findLast((start) => start.first <= image)!;
    return bytes.subarray((image - first) * record, (image - first + 1) * record);
  };
  return {
    length,
    label: (image, which) => at(image)[which]!,
    pixels(image) {
      const planes = at(image).subarray(labels);
      const pixels = new Uint8Array(3 * PLANE);
      for (let i = 0, to = 0; i < PLANE; i++, to += 3) {
        pixels[to] = planes[i]!;
        pixels[to + 1] = planes[PLANE + i]!;
        pixels[to + 2] = planes[2 * PLANE + i]!;
      }
      return pixels;
    },
  };
}

import { fitPicture } from "../../../src/pictures/mod.ts";
import type { Dataset, Labels, OpenRequest } from "../contract.ts";

/** Pictures of one size whose pixels lie ready in a file or in memory. */
export interface RawImages {
  /** How many there are. */
  readonly length: number;
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** 1: gray; 3: color; 4: color with alpha. */
  readonly channels: 1 | 3 | 4;
  /** `height * width * channels` levels of one of them (HWC). */
  pixels(index: number): Uint8Array;
  /** What is known of them. */
  readonly labels: Readonly<Record<string, Labels>>;
  /** Gives back what is open. */
  close?(): void;
}

/** A dataset of such pictures, each cut to the square in its middle and averaged or interpolated to the training size. */
export function rawDataset(
  { size, channels: wanted }: Pick<OpenRequest, "size" | "channels">,
  images: RawImages,
): Dataset {
  const { width, height } = images;
  const channels = wanted ?? (images.channels === 1 ? 1 : 3);
  const each = size * size * channels;
  const isReady = width === size && height === size && images.channels === channels;
  return {
    length: images.length,
    shape: [size, size, channels],
    labels: images.labels,
    nativeSize: () => Math.min(width, height),
    read(indices, into) {
      for (let i = 0; i < indices.length; i++) {
        const data = images.pixels(indices[i]!);
        const picture = { width, height, channels: images.channels, data };
        into.set(isReady ? data : fitPicture(picture, { size, channels }).data, i * each);
      }
    },
    close: () => images.close?.(),
  };
}

import { type Channels, fitPicture, hasAlpha, imageSizeOf } from "../../../src/pictures/mod.ts";
import type { Dataset, Labels, OpenRequest } from "../contract.ts";

/** Pictures of one size whose pixels lie ready in a file or in memory. */
export interface RawImages {
  /** How many there are. */
  readonly length: number;
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** 1: gray; 2: gray with alpha; 3: color; 4: color with alpha. */
  readonly channels: Channels;
  /** `height * width * channels` levels of one of them (HWC). */
  pixels(index: number): Uint8Array;
  /** What is known of them. */
  readonly labels: Readonly<Record<string, Labels>>;
  /** Gives back what is open. */
  close?(): void;
}

/**
 * A dataset of such pictures, each cut in its middle to the shape of the training size, and averaged or
 * interpolated to it.
 */
export function rawDataset(
  request: Pick<OpenRequest, "width" | "height" | "channels">,
  images: RawImages,
): Dataset {
  const { width, height } = images;
  const channels = request.channels ?? (images.channels <= 2 ? 1 : 3);
  const size = imageSizeOf(request);
  const each = request.height * request.width * channels;
  const isReady = width === request.width && height === request.height && images.channels === channels &&
    !hasAlpha(channels);
  return {
    length: images.length,
    shape: [request.height, request.width, channels],
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

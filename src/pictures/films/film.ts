import type { Mark } from "../marks/mark.ts";
import type { Picture } from "../picture.ts";

/** A picture of a film, and how long it is seen. */
export interface Frame {
  /** The picture. All of a film have the same width, height and channels. */
  readonly picture: Picture;
  /** Milliseconds. */
  readonly duration: number;
}

/** What is known of a film before its first frame. */
export interface FilmFacts {
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** Channels of its frames. */
  readonly channels: Picture["channels"];
  /** How many frames there will be. */
  readonly frames: number;
  /** Whether it begins again at its end, forever. */
  readonly loop: boolean;
  /** What it says about how it was made; nothing if there is none. */
  readonly mark?: Mark | undefined;
}

/** Writes a film frame by frame, so that no more than one is in memory. */
export interface FilmEncoder {
  /** The bytes before the first frame. */
  start(): Uint8Array;
  /** The bytes of the next frame. */
  add(frame: Frame): Promise<Uint8Array>;
  /** The bytes behind the last frame. */
  end(): Uint8Array;
  /** First bytes that are known only once all have been written, to be written over them. */
  restart?(length: number): Uint8Array;
}

/**
 * Throws unless a frame fits a film.
 *
 * @throws {RangeError} if it has another size.
 */
export function expectFits({ width, height, channels }: FilmFacts, { picture }: Frame): void {
  if (picture.width === width && picture.height === height && picture.channels === channels) return;
  throw new RangeError(
    `A frame of a film must be ${width}x${height} with ${channels} channels, as the first, ` +
      `found ${picture.width}x${picture.height} with ${picture.channels}`,
  );
}

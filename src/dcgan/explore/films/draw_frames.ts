import type { Channels, PictureBatch } from "../../../pictures/mod.ts";
import type { Frame } from "../../../pictures/films/mod.ts";
import { sidesOf } from "../../../pictures/mod.ts";
import { arrange, type Arrangement } from "../../sampling/arrangement.ts";
import { SAMPLE_CHUNK } from "../../streams.ts";
import type { OpenGenerator } from "../open_generator.ts";

/** Frames that are drawn one after the other. */
export interface DrawnFrames {
  /** How many. */
  readonly frames: number;
  /** Latent vectors of the pictures in a frame, one after another. */
  readonly latents: (frame: number) => Float32Array;
  /** Numbers of the classes of a frame's pictures, taken in turn. */
  readonly labels: readonly number[] | undefined;
  /** How the pictures of a frame are laid out. */
  readonly arrangement: Arrangement;
  /** Milliseconds of a frame. */
  readonly duration: number;
}

/**
 * Draws the frames of a film, as many together as go through the generator at once.
 *
 * @param count Pictures in a frame.
 */
export async function* drawFrames(
  generator: OpenGenerator,
  count: number,
  { frames, latents, labels, arrangement, duration }: DrawnFrames,
): AsyncGenerator<Frame> {
  const { latentLength, pictureLength } = generator;
  const together = Math.max(1, Math.floor(SAMPLE_CHUNK / count));
  const inFrame = labels && Array.from({ length: count }, (_, at) => labels[at % labels.length]!);
  for (let first = 0; first < frames; first += together) {
    const length = Math.min(together, frames - first);
    const all = new Float32Array(length * count * latentLength);
    for (let at = 0; at < length; at++) all.set(latents(first + at), at * count * latentLength);
    const drawn = await generator.draw(all, inFrame);
    const each = count * pictureLength;
    for (let at = 0; at < length; at++) {
      const batch = batchOf(generator, drawn.subarray(at * each, (at + 1) * each));
      yield { picture: arrange(batch, arrangement), duration };
    }
  }
}

/** Pictures of a generator. */
export function batchOf({ size, channels }: OpenGenerator, data: Uint8Array): PictureBatch {
  return { ...sidesOf(size), channels: channels as Channels, data };
}

/**
 * Throws unless pictures of a generator can be shown.
 *
 * @throws {RangeError} if they have more than 4 channels.
 */
export function expectShown({ channels, origin }: OpenGenerator): void {
  if (channels <= 4) return;
  throw new RangeError(
    `Cannot draw pictures from ${origin.name}: its generator must have 1 to 4 channels, found ${channels}`,
  );
}

import type { FilmEncoder, FilmFacts, Frame } from "./film.ts";

/** A kind of file that shows a film as a picture that moves. */
export type FilmType = "apng" | "webp" | "gif";

/** Loads the encoder of a film: they are rarely needed. */
async function encoderOf(type: FilmType, facts: FilmFacts): Promise<FilmEncoder> {
  switch (type) {
    case "apng":
      return new (await import("./apng.ts")).ApngEncoder(facts);
    case "webp":
      return new (await import("./webp.ts")).WebpEncoder(facts);
    case "gif":
      return new (await import("./gif.ts")).GifEncoder(facts);
  }
}

/** Bytes of a film: to be written behind those before, or over the first ones. */
export interface FilmBytes {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Whether they replace the first ones; only the last are. */
  readonly isStart: boolean;
}

/**
 * Encodes a film frame by frame, so that no more than one frame is in memory.
 *
 * @param frames As many as the facts say.
 * @throws {RangeError} if there are fewer or more frames, or one has another size.
 */
export async function* encodeFilm(
  type: FilmType,
  facts: FilmFacts,
  frames: AsyncIterable<Frame>,
): AsyncGenerator<FilmBytes> {
  const encoder = await encoderOf(type, facts);
  let [length, count] = [0, 0];
  const next = (bytes: Uint8Array): FilmBytes => {
    length += bytes.length;
    return { bytes, isStart: false };
  };
  yield next(encoder.start());
  for await (const frame of frames) {
    count++;
    yield next(await encoder.add(frame));
  }
  if (count !== facts.frames) {
    throw new RangeError(`A film of ${facts.frames} frames must have as many, found ${count}`);
  }
  yield next(encoder.end());
  if (encoder.restart) yield { bytes: encoder.restart(length), isStart: true };
}

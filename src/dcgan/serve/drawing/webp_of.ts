import { encodeFilm, type Frame } from "../../../pictures/films/mod.ts";
import type { Mark } from "../../../pictures/mod.ts";

/** The bytes of a film as WebP; of a single picture as a film of one frame, as only films can say what they are. */
export async function webpOf(frames: readonly Frame[], mark: Mark): Promise<Uint8Array> {
  const { width, height, channels } = frames[0]!.picture;
  const facts = { width, height, channels, frames: frames.length, loop: true, mark };
  const pieces: Uint8Array[] = [];
  async function* given(): AsyncGenerator<Frame> {
    for (const frame of frames) yield await Promise.resolve(frame);
  }
  let start = new Uint8Array();
  for await (const { bytes, isStart } of encodeFilm("webp", facts, given())) {
    if (isStart) start = Uint8Array.from(bytes);
    else pieces.push(bytes);
  }
  const file = new Uint8Array(Buffer.concat(pieces));
  file.set(start);
  return file;
}

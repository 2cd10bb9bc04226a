import type { FilmType } from "../../../pictures/films/mod.ts";

/** A kind of film, by the extension of its file. */
export interface FilmKind {
  /** The encoder: one of this module, or ffmpeg. */
  readonly encoder: FilmType | "ffmpeg";
  /** Pixels along a side at most. */
  readonly mostSide: number;
  /** Frames a second at most. */
  readonly mostFps: number;
}

const KINDS: Readonly<Record<string, FilmKind>> = {
  ".webp": { encoder: "webp", mostSide: 16383, mostFps: 60 },
  ".png": { encoder: "apng", mostSide: 65535, mostFps: 60 },
  ".apng": { encoder: "apng", mostSide: 65535, mostFps: 60 },
  // Delays are hundredths of a second, and browsers slow down what is faster
  ".gif": { encoder: "gif", mostSide: 65535, mostFps: 50 },
  ".mp4": { encoder: "ffmpeg", mostSide: 8192, mostFps: 60 },
  ".webm": { encoder: "ffmpeg", mostSide: 8192, mostFps: 60 },
};

/** The extensions of films, for messages. */
export const FILM_ENDINGS: readonly string[] = Object.keys(KINDS);

/** The extension of a path, in small letters; empty if it has none. */
export function endingOf(path: string): string {
  return /\.[A-Za-z0-9]+$/.exec(path)?.[0].toLowerCase() ?? "";
}

/**
 * What kind of film a path names.
 *
 * @throws {RangeError} if it is none.
 */
export function filmKindOf(path: string): FilmKind {
  const kind = KINDS[endingOf(path)];
  if (kind) return kind;
  throw new RangeError(`Cannot write a film: "out" must end in ${FILM_ENDINGS.join(", ")}, found "${path}"`);
}

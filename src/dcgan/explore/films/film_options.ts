import { integer, number, type OptionKind, text, toggle } from "../../options/option.ts";

/** How a film is written. */
export interface FilmFileOptions {
  /**
   * File to write, over one that is there. Its extension says what kind it is: `.webp`, `.png` or `.apng`,
   * and `.gif` move in browsers and chats; `.mp4` and `.webm` are made by ffmpeg, which must be installed.
   */
  out: string;
  /**
   * Frames a second; at most 50 in a GIF.
   *
   * @default {20, and 10 for films of training}
   */
  fps?: number;
  /**
   * Makes each pixel a square of `scale` x `scale`.
   *
   * @default {the least that makes a frame 256 pixels high}
   */
  scale?: number;
  /**
   * Pixels between pictures and around them.
   *
   * @default {2, and 0 for a single picture}
   */
  padding?: number;
  /**
   * Whether the film says that it was generated, and how; see `readMark()`.
   *
   * @default {true}
   */
  mark?: boolean;
  /** Is told how many frames were written, and how many there will be. */
  progress?: (done: number, total: number) => void;
  /** Ends the film once it aborts, with the signal's reason. Nothing stays of the file. */
  signal?: AbortSignal;
}

/** What each of these may be. */
export const FILM_KINDS = {
  out: text("the path of a file"),
  fps: integer(1, 60),
  scale: integer(1, 64),
  padding: integer(0, 256),
  mark: toggle(),
  progress: null,
  signal: null,
} as const satisfies Readonly<Record<keyof FilmFileOptions, OptionKind<unknown> | null>>;

/** What the length of a film may be, in seconds. */
export const SECONDS_KIND: OptionKind<number> = number({ above: 0, to: 600 });

/** What was written. */
export interface FilmResult {
  /** Path of the file. */
  readonly path: string;
  /** How many frames it has. */
  readonly frames: number;
  /** How long it is. */
  readonly seconds: number;
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
}

/** Pixels that a frame has from top to bottom at least, if no scale is given. */
const LEAST_HEIGHT = 256;

/** The scale of a film's frames: small ones are made larger. */
export function usualScale(height: number): number {
  return Math.max(1, Math.ceil(LEAST_HEIGHT / height));
}

/** What a picture says about how it was made. */
export interface Mark {
  /** The program that made it, and its version. */
  readonly software: string;
  /** One sentence for people. */
  readonly description: string;
  /** All that is needed to make it again, as plain JSON. */
  readonly made: Readonly<Record<string, unknown>>;
}

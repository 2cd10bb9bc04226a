import * as v from "valibot";

/** What a config keeps of the weights that its run started from. */
export interface StartedFrom {
  /** The file, or the folder of a checkpoint. */
  readonly path: string;
  /** What was taken of it: the networks, and the states of their optimizers. */
  readonly parts: readonly string[];
  /** SHA-256 of the file; of a checkpoint, of both networks' files, one after the other. */
  readonly sha256: string;
}

/** Accepts exactly a {@linkcode StartedFrom}. */
export const startedFromSchema: v.GenericSchema<unknown, StartedFrom> = v.strictObject({
  path: v.string(),
  parts: v.array(v.string()),
  sha256: v.pipe(v.string(), v.hexadecimal()),
});

import { writeFileAtomic } from "../../files/atomic_write.ts";
import { encodePng, markPng, type Picture } from "../../pictures/mod.ts";
import { type Making, markOfDrawing } from "./marks/mark_of.ts";
import type { OpenGenerator } from "./open_generator.ts";

/** How {@linkcode writeSheet} writes. */
export interface WriteSheetOptions {
  /** The file, replaced if it is there. */
  readonly out: string;
  /** Whether the PNG says that it was generated, and how. */
  readonly mark: boolean;
  /** Ends it. */
  readonly signal: AbortSignal | undefined;
}

/** Writes a picture of samples as a PNG that says how it was made. */
export async function writeSheet(
  picture: Picture,
  making: Making,
  { origin }: OpenGenerator,
  { out, mark, signal }: WriteSheetOptions,
): Promise<void> {
  const png = await encodePng(picture);
  signal?.throwIfAborted();
  await writeFileAtomic(out, mark ? markPng(png, markOfDrawing(making, origin)) : png);
}

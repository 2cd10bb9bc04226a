import type { NumberOption, StringOption } from "../contract.ts";
import { integer, number, text } from "../option_kinds.ts";
import { cacheChoices } from "./open_store.ts";

/** The options of every dataset of picture files. */
export interface PictureOptions extends Record<string, NumberOption | StringOption> {
  /** Most of the pictures that may be broken. */
  readonly broken: NumberOption;
  /** Memory for decoded pictures. */
  readonly memory: NumberOption;
  /** Whether decoded pictures are kept in a file. */
  readonly cache: StringOption;
  /** Threads that decode. */
  readonly workers: NumberOption;
  /** Where an image is cut out. */
  readonly crop: StringOption;
}

/** {@linkcode PictureOptions}, with what is allowed. */
export const pictureOptions: PictureOptions = {
  broken: number("percentage of the pictures that may be broken before training fails", 5, 0, 100),
  memory: number("MiB of decoded pictures to keep in memory", 1024, 0),
  cache: text(
    "keep decoded pictures in a file: where memory does not hold them, always, or never",
    "auto",
    cacheChoices,
  ),
  workers: integer(
    "threads that decode pictures, one for each core without it; 0 decodes between the steps",
    navigator.hardwareConcurrency,
    0,
    256,
  ),
  crop: text(
    "where an image is cut from a picture of another shape: its center, or a random position fixed for each image",
    "center",
    ["center", "random"],
  ),
};

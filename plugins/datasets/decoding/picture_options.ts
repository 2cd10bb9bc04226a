import type { NumberOption, StringOption } from "../contract.ts";
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
  /** Where the square is cut out. */
  readonly crop: StringOption;
}

/** {@linkcode PictureOptions}, with what is allowed. */
export const pictureOptions: PictureOptions = {
  broken: {
    type: "number",
    description: "percentage of the pictures that may be broken before training fails",
    default: 5,
    minimum: 0,
    maximum: 100,
  },
  memory: {
    type: "number",
    description: "MiB of decoded pictures to keep in memory",
    default: 1024,
    minimum: 0,
  },
  cache: {
    type: "string",
    description: "keep decoded pictures in a file: where memory does not hold them, always, or never",
    default: "auto",
    enum: cacheChoices,
  },
  workers: {
    type: "integer",
    description: "threads that decode pictures, one for each core without it; 0 decodes between the steps",
    default: navigator.hardwareConcurrency,
    minimum: 0,
    maximum: 256,
  },
  crop: {
    type: "string",
    description:
      "where the square is cut from a picture: its center, or a random position fixed for each image",
    default: "center",
    enum: ["center", "random"],
  },
};

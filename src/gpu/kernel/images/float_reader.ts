import { type FloatHolder, type FloatWidth, memoryOf } from "../float_memory.ts";
import { imageLoad, imageType, isImage } from "./image_memory.ts";
import type { Access } from "../kernel.ts";

/** How a kernel reads the floats of a tensor that it knows by a name. */
export interface FloatReader {
  /** How it is bound. */
  readonly access: Extract<Access, "read" | "image">;
  /** WGSL type of the binding. */
  readonly array: string;
  /** The value of an element, or of four, as a WGSL expression: `index` counts in ones or in fours. */
  load(index: string): string;
}

/**
 * How a kernel reads floats if its loads take most of its time: as an image, where that is faster.
 *
 * @throws {TypeError} if the tensor does not hold floats.
 */
export function floatReader(name: string, tensor: FloatHolder, width: FloatWidth): FloatReader {
  if (isImage(tensor)) {
    return { access: "image", array: imageType(width), load: (index) => imageLoad(name, width, index) };
  }
  const { array, load } = memoryOf(tensor, width);
  return { access: "read", array, load: (index) => load(`${name}[${index}]`) };
}

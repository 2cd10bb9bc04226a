import { BYTES_PER_ELEMENT } from "../../tensor/dtype.ts";
import type { FloatHolder, FloatWidth } from "../float_memory.ts";

/**
 * Bytes of a row of an image: a copy of a tensor's floats in a texture, one or four to a texel, row after row. Rows must
 * be copied at multiples of 256 bytes, and a power of two spares the kernels a division.
 */
export const ROW_BYTES = 16384;

/** Rows of an image at most: what every adapter has. */
const MAX_ROWS = 8192;

/**
 * Rows of a texture for so many rows of an image: the same or more, and no power of two but the most that there are.
 * llvmpipe compiles a kernel anew for each combination of textures whose heights are powers of two with others whose
 * are not: a step of M compiled five of its largest kernels two to four times.
 */
export function textureRows(rows: number): number {
  if (rows < 3) return 3;
  const isPowerOfTwo = (rows & (rows - 1)) === 0;
  return isPowerOfTwo && rows < MAX_ROWS ? rows + 1 : rows;
}

/** How floats lie in the texels of an image. */
interface Texels {
  readonly format: "r32float" | "rgba32float";
  readonly bytes: number;
  /** WGSL function that finds a texel by its number. */
  readonly place: string;
  /** What follows a load. */
  readonly part: string;
}

const TEXELS: Readonly<Record<FloatWidth, Texels>> = {
  "f32": { format: "r32float", bytes: 4, place: "place_of_one", part: ".x" },
  "vec4f": { format: "rgba32float", bytes: 16, place: "place_of_four", part: "" },
};

/** Whether kernels read a tensor as an image: on adapters where that is faster, if it fits one. */
export function isImage({ dtype, size, device }: FloatHolder): boolean {
  return device?.capabilities.images === true && dtype === "f32" && size !== undefined &&
    size * BYTES_PER_ELEMENT[dtype] <= ROW_BYTES * MAX_ROWS;
}

/** WGSL type of an image whose floats are read one by one, or in fours. */
export function imageType(width: FloatWidth): string {
  return `texture_storage_2d<${TEXELS[width].format}, read>`;
}

/** The floats of an image, as a WGSL expression: `index` counts in ones or in fours. */
export function imageLoad(name: string, width: FloatWidth, index: string): string {
  const { place, part } = TEXELS[width];
  return `textureLoad(${name}, ${place}(${index}))${part}`;
}

/** What a kernel must declare so that it can use {@linkcode imageLoad}. */
export function imagePreamble(text: string): string {
  const used = Object.values(TEXELS).filter(({ place }) => text.includes(`${place}(`));
  return used.map(({ place, bytes }) => {
    const texels = ROW_BYTES / bytes;
    return `fn ${place}(i: u32) -> vec2u { return vec2u(i & ${texels - 1}u, i >> ${Math.log2(texels)}u); }\n`;
  }).join("");
}

/** The texels of an image by its WGSL type. */
export function texelsOf(type: string): Pick<Texels, "format" | "bytes"> {
  return TEXELS[type === imageType("f32") ? "f32" : "vec4f"];
}

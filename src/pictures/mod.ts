/**
 * Pictures as arrays of bytes: decoding files, cropping, resizing, converting, laying out and encoding. Knows
 * nothing of tensors or training, and imports nothing of the project.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng } from "@x/dcgan";
 * import { decodePicture, fitPicture } from "./mod.ts";
 *
 * const data = new Uint8Array(300 * 200 * 3);
 * const wide = await encodePng({ width: 300, height: 200, channels: 3, data });
 * const small = fitPicture(await decodePicture(wide), { size: 64, channels: 3 });
 * assertEquals([small.width, small.height], [64, 64]);
 * ```
 *
 * @module
 */
export { type Channels, checkPicture, hasAlpha, type Picture, PictureError } from "./picture.ts";
export {
  type ImageSides,
  type ImageSize,
  imageSizeOf,
  lengthOf,
  parseSize,
  sidesOf,
  sizeText,
} from "./image_size.ts";
export { type FileKind, fileKind, KIND_BYTES } from "./file_kind.ts";
export type { PictureHeader } from "./headers/picture_header.ts";
export { readPictureHeader } from "./headers/read_header.ts";
export { decodePicture, type DecodePictureOptions } from "./decode.ts";
export { checkFileLength, MOST_MEMORY } from "./limits.ts";
export { encodePng } from "./png/encode_png.ts";
export { toGray, toRgb, toRgba } from "./convert.ts";
export { cropPicture, fitPicture, type FitPictureOptions } from "./fit.ts";
export { resizePicture } from "./resize.ts";
export { enlarge } from "./enlarge.ts";
export { type Mark } from "./marks/mark.ts";
export { markPng } from "./marks/png_mark.ts";
export { markOf } from "./marks/read_mark.ts";
export { mp4XmpBox } from "./marks/mp4_xmp.ts";
export { xmpOf } from "./marks/xmp.ts";
export { composeGrid, type GridOptions, type PictureBatch } from "./grid.ts";
export { gridProblem, mostInGrid } from "./grid_limit.ts";

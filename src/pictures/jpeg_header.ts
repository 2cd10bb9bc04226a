import { exifOrientation } from "./exif.ts";
import { type PictureHeader, truncated, viewOf } from "./picture_header.ts";

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;

/** Whether a marker is a frame header: C0 to CF but for C4 (Huffman tables), C8 (reserved) and CC (arithmetic coding). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Reads the header of a JPEG: its size, and EXIF's orientation where there is one.
 *
 * @throws {PictureError} Where no frame, no scan or no end marker is found.
 */
export function readJpegHeader(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes, 4, "JPEG");
  let width = 0;
  let height = 0;
  let orientation = 1;
  let cmyk = false;
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (bytes[at] !== 0xff || at + 4 > bytes.length) throw truncated("JPEG", "its pixels never start");
    const marker = view.getUint8(at + 1);
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) throw truncated("JPEG", "its header does not end");
    if (marker === START_OF_SCAN) break;
    if (isFrame(marker) && end >= at + 10) {
      height = view.getUint16(at + 5);
      width = view.getUint16(at + 7);
      cmyk = view.getUint8(at + 9) === 4;
    } else if (marker === APP1) {
      orientation = orientationIn(bytes.subarray(at + 4, end)) ?? orientation;
    }
    at = end;
  }
  // Within a scan FF is always followed by 00 or a restart marker, so FF D9 can only be the end. It is looked for
  // from the scan on, as the thumbnail in the EXIF data has one too.
  for (let i = bytes.length - 2; i > at; i--) {
    if (bytes[i] === 0xff && bytes[i + 1] === END_OF_IMAGE) {
      return { format: "JPEG", width, height, orientation, needsImagescript: false, cmyk };
    }
  }
  throw truncated("JPEG", "it has no end marker");
}

/** The orientation that a segment says, where it holds EXIF. */
function orientationIn(segment: Uint8Array): number | undefined {
  const isExif = String.fromCharCode(...segment.subarray(0, 6)) === "Exif\0\0";
  return isExif ? exifOrientation(segment.subarray(6)) : undefined;
}

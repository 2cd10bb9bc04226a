import { concatBytes, latin1 } from "../bytes.ts";
import { exifOrientation } from "./exif.ts";
import { checkChunks } from "../limits.ts";
import { PictureError } from "../picture.ts";
import { type PictureHeader, truncated, viewOf } from "./picture_header.ts";

const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP14 = 0xee;
const APP15 = 0xef;

/** Processes that nothing here decodes, by their frame header, and what to call them. */
const unsupported: Readonly<Record<number, string>> = {
  0xc3: "is lossless",
  0xc5: "is hierarchical",
  0xc6: "is hierarchical",
  0xc7: "is hierarchical and lossless",
  0xc9: "uses arithmetic coding",
  0xca: "uses arithmetic coding",
  0xcb: "is lossless with arithmetic coding",
  0xcd: "is hierarchical with arithmetic coding",
  0xce: "is hierarchical with arithmetic coding",
  0xcf: "is lossless with arithmetic coding",
};

/** Bytes that Deno's own decoder takes for a pixel of four inks. */
const CMYK_BYTES = 20;

/** Frame header of the process that sends the picture in many scans. */
const PROGRESSIVE = 0xc2;

/**
 * Whether a marker is a frame header: C0 to CF but for C4 (Huffman tables), C8 (reserved) and CC (arithmetic
 * coding).
 */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** What a frame header says. */
interface Frame {
  readonly process: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Samples of all components for each pixel: 3 if none is stored at a lower resolution. */
  readonly samples: number;
}

/**
 * Reads the header of a JPEG: its size, EXIF's orientation if there is one, and how many scans it has.
 *
 * @throws {PictureError} if no frame, no scan or no end marker is found, or it is of a kind that is not
 * decoded.
 */
export function readJpegHeader(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes, 4, "JPEG");
  let frame: Frame | undefined;
  let orientation = 1;
  let at = 2;
  for (let count = 1;; count++) {
    checkChunks(count, "JPEG", "segments");
    at = toMarker(bytes, at);
    if (bytes[at] !== 0xff || at + 4 > bytes.length) throw truncated("JPEG", "its pixels never start");
    const marker = view.getUint8(at + 1);
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) throw truncated("JPEG", "its header does not end");
    if (marker === START_OF_SCAN) break;
    if (isFrame(marker) && end >= at + 10) {
      if (frame) throw new PictureError("The JPEG is corrupt: it has two frame headers");
      frame = readFrame(view, at);
    } else if (marker === APP1) {
      orientation = orientationIn(bytes.subarray(at + 4, end)) ?? orientation;
    }
    at = end;
  }
  if (frame === undefined) throw truncated("JPEG", "it has no frame header");
  const { width, height, components, samples, process } = frame;
  const inOneScan = process !== PROGRESSIVE && view.getUint8(at + 4) === components;
  const scans = inOneScan ? countScans(bytes, at, 1) : countScans(bytes, at);
  return {
    format: "JPEG",
    width,
    height,
    orientation,
    scans,
    cmyk: components === 4,
    memory: width * height * bytesAPixel(components, inOneScan ? 0 : samples),
  };
}

/**
 * Memory for a pixel: the picture in the decoder and in what it gives, and, if scans make it better and
 * better, the coefficients of all components, of two bytes each.
 */
function bytesAPixel(components: number, samplesKept: number): number {
  return components === 4 ? CMYK_BYTES : 8 + 2 * samplesKept;
}

function readFrame(view: DataView, at: number): Frame {
  const process = view.getUint8(at + 1);
  const depth = view.getUint8(at + 4);
  const components = view.getUint8(at + 9);
  const what = unsupported[process] ?? (depth === 8 ? undefined : `has ${depth} bits a channel`);
  if (what !== undefined) {
    throw new PictureError(`The JPEG ${what}, which is not supported; save it as an ordinary JPEG or as PNG`);
  }
  if (components !== 1 && components !== 3 && components !== 4) {
    throw new PictureError(`The JPEG must have 1, 3 or 4 components, found ${components}; save it again`);
  }
  let across = 1;
  let down = 1;
  let samples = 0;
  for (let place = at + 11; place < at + 11 + 3 * components; place += 3) {
    const factors = place < view.byteLength ? view.getUint8(place) : 0x11;
    across = Math.max(across, factors >> 4);
    down = Math.max(down, factors & 15);
    samples += (factors >> 4) * (factors & 15);
  }
  samples /= across * down;
  return { process, samples, width: view.getUint16(at + 7), height: view.getUint16(at + 5), components };
}

/** Where the next marker is, past the bytes of FF that may fill the space before it. */
function toMarker(bytes: Uint8Array, at: number): number {
  while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
  return at;
}

/**
 * Counts the scans from the first one on, up to the end marker, which must be there. What follows it may be
 * anything: phones put films and second pictures there.
 *
 * @param first Where the first one starts.
 * @param known Their number, if it is known: then only the end is looked for.
 */
function countScans(bytes: Uint8Array, first: number, known?: number): number {
  // Within a scan FF is always followed by 00 or a restart marker, so FF D9 can only be the end. Searching
  // from the end is fast
  if (known !== undefined) {
    for (let i = bytes.length - 2; i > first; i--) {
      if (bytes[i] === 0xff && bytes[i + 1] === END_OF_IMAGE) return known;
    }
    throw truncated("JPEG", "it has no end marker");
  }
  let scans = 0;
  let count = 0;
  for (let at = bytes.indexOf(0xff, first); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1]!;
    if (marker === END_OF_IMAGE) return scans;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const hasLength = marker >= 0xc0 && !(marker >= 0xd0 && marker <= START_OF_IMAGE);
    if (marker === START_OF_SCAN) scans++;
    if (hasLength) checkChunks(++count, "JPEG", "segments");
    at += 2 + (hasLength ? Math.max(2, (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0)) : 0);
  }
  throw truncated("JPEG", "it has no end marker");
}

/** The orientation that a segment says, if it holds EXIF. */
function orientationIn(segment: Uint8Array): number | undefined {
  const isExif = String.fromCharCode(...segment.subarray(0, 6)) === "Exif\0\0";
  return isExif ? exifOrientation(segment) : undefined;
}

/**
 * A CMYK JPEG that every decoder reads alike: with only what decides its pixels, and with Adobe's marker,
 * which is added if it is missing, since some decoders reject a file without it. It says that the inks are
 * stored the other way round, as all programs have them.
 */
export function plainCmyk(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [bytes.subarray(0, 2)];
  let hasMark = false;
  let at = 2;
  for (;;) {
    at = toMarker(bytes, at);
    const marker = view.getUint8(at + 1);
    if (marker === START_OF_SCAN) break;
    const end = at + 2 + view.getUint16(at + 2);
    const isMark = marker === APP14 && String.fromCharCode(...bytes.subarray(at + 4, at + 9)) === "Adobe";
    hasMark ||= isMark;
    if (isMark || marker < APP0 || marker > APP15) parts.push(bytes.subarray(at, end));
    at = end;
  }
  if (!hasMark) parts.splice(1, 0, ADOBE_MARK);
  return concatBytes([...parts, bytes.subarray(at)]);
}

/** Adobe's segment that says: no transform of colors. */
const ADOBE_MARK: Uint8Array = latin1("\xff\xee\0\x0eAdobe\0d\0\0\0\0\0");

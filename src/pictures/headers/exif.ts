/** EXIF's tag for the way the camera was held. */
const ORIENTATION_TAG = 0x0112;

/**
 * TIFF's types of whole numbers, with their bytes: most write 16 bits here, some 32. Single bytes are not
 * accepted.
 */
const WIDTHS: Readonly<Record<number, 1 | 2 | 4>> = { 3: 2, 4: 4, 6: 1, 8: 2, 9: 4 };

/** Stands before the data in a JPEG; some programs write it into other formats as well. */
const PREFIX = "Exif\0\0";

/**
 * EXIF's orientation from 1 to 8, or `undefined` if the data says nothing that makes sense.
 *
 * @param exif EXIF data, with or without the `Exif\0\0` that stands before it in a JPEG.
 */
export function exifOrientation(exif: Uint8Array): number | undefined {
  const hasPrefix = String.fromCharCode(...exif.subarray(0, PREFIX.length)) === PREFIX;
  const tiff = hasPrefix ? exif.subarray(PREFIX.length) : exif;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return undefined;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return undefined;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return undefined;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.length) return undefined;
    const width = WIDTHS[view.getUint16(entry + 2, little)];
    const isOrientation = view.getUint16(entry, little) === ORIENTATION_TAG && width !== undefined &&
      view.getUint32(entry + 4, little) === 1;
    if (!isOrientation) continue;
    const value = width === 1
      ? view.getUint8(entry + 8)
      : width === 2
      ? view.getUint16(entry + 8, little)
      : view.getUint32(entry + 8, little);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

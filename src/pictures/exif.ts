/** EXIF's tag for the way the camera was held. */
const ORIENTATION_TAG = 0x0112;
/** TIFF's type of that tag's value: a number of 16 bits. Decoders pass over any other. */
const SHORT = 3;

/**
 * EXIF's orientation from 1 to 8, or `undefined` where the data says nothing that makes sense.
 *
 * @param tiff EXIF data from its TIFF header on, without the `Exif\0\0` that stands before it in a JPEG.
 */
export function exifOrientation(tiff: Uint8Array): number | undefined {
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
    const isOrientation = view.getUint16(entry, little) === ORIENTATION_TAG &&
      view.getUint16(entry + 2, little) === SHORT && view.getUint32(entry + 4, little) === 1;
    if (!isOrientation) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

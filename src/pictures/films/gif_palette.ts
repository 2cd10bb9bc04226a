/** Bits that are kept of red, green and blue when colors are counted. */
const BITS = 5;

/** Colors that are told apart. */
const BINS = 2 ** (3 * BITS);

/** A picture in at most 256 colors. */
export interface Indexed {
  /** Red, green and blue of each color, 256 of them. */
  readonly palette: Uint8Array;
  /** A place in the palette for each pixel. */
  readonly pixels: Uint8Array;
}

/** Some of the colors, which become one of the palette. */
interface Box {
  /** Numbers of the colors. */
  readonly bins: readonly number[];
  /** Pixels that have them. */
  readonly count: number;
  /** The channel in which they differ most, as their sum of squared distances from their mean. */
  readonly axis: number;
  readonly spread: number;
  /** Their mean. */
  readonly mean: readonly number[];
}

/**
 * The 256 colors that fit a picture best, and its pixels in them: boxes of colors are cut at their mean, in
 * the channel in which they spread most, always the box with the greatest spread (Wan, Wong and Prusinkiewicz
 * 1988).
 *
 * @param rgb Red, green and blue of each pixel.
 */
export function indexColors(rgb: Uint8Array): Indexed {
  const counts = new Uint32Array(BINS);
  const sums = new Float64Array(3 * BINS);
  for (let at = 0; at < rgb.length; at += 3) {
    const bin = binOf(rgb, at);
    counts[bin]!++;
    for (let c = 0; c < 3; c++) sums[3 * bin + c]! += rgb[at + c]!;
  }
  const used = Array.from({ length: BINS }, (_, bin) => bin).filter((bin) => counts[bin]! > 0);
  const boxes = [boxOf(used, counts, sums)];
  while (boxes.length < 256) {
    const widest = boxes.reduce((best, box, at) => box.spread > boxes[best]!.spread ? at : best, 0);
    const { bins, axis, spread, mean } = boxes[widest]!;
    if (spread === 0) break;
    const isLow = (bin: number) => sums[3 * bin + axis]! / counts[bin]! <= mean[axis]!;
    const low = bins.filter(isLow);
    const high = bins.filter((bin) => !isLow(bin));
    if (low.length === 0 || high.length === 0) break;
    boxes.splice(widest, 1, boxOf(low, counts, sums), boxOf(high, counts, sums));
  }
  const palette = new Uint8Array(768);
  const places = new Uint8Array(BINS);
  for (const [place, { bins, mean }] of boxes.entries()) {
    palette.set(mean.map(Math.round), 3 * place);
    for (const bin of bins) places[bin] = place;
  }
  const pixels = new Uint8Array(rgb.length / 3);
  for (let pixel = 0; pixel < pixels.length; pixel++) pixels[pixel] = places[binOf(rgb, 3 * pixel)]!;
  return { palette, pixels };
}

/** Number of the color of a pixel. */
function binOf(rgb: Uint8Array, at: number): number {
  const shift = 8 - BITS;
  return rgb[at]! >> shift << 2 * BITS | rgb[at + 1]! >> shift << BITS | rgb[at + 2]! >> shift;
}

function boxOf(bins: readonly number[], counts: Uint32Array, sums: Float64Array): Box {
  let count = 0;
  const sum = [0, 0, 0];
  const squares = [0, 0, 0];
  for (const bin of bins) {
    const pixels = counts[bin]!;
    count += pixels;
    for (let c = 0; c < 3; c++) {
      const value = sums[3 * bin + c]!;
      sum[c]! += value;
      squares[c]! += value * value / pixels;
    }
  }
  // A single color cannot be cut; what rounding leaves of its spread is no reason to try
  const spreads = bins.length < 2 ? [0, 0, 0] : squares.map((square, c) => square - sum[c]! ** 2 / count);
  const spread = Math.max(...spreads);
  return { bins, count, axis: spreads.indexOf(spread), spread, mean: sum.map((value) => value / count) };
}

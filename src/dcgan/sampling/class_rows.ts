/** Bytes that empty places of a grid have: those of its background. */
export const EMPTY = 255;

/** Pictures of a grid of so many samples: as many of each class, if there is room for all. */
export function countInGrid(samples: number, classes = 1): number {
  const each = Math.floor(samples / classes);
  return each > 0 ? each * classes : samples;
}

/** Samples of a few classes in the order of a grid. */
export interface ClassRows {
  /** All of them, and empty places, row by row. */
  readonly data: Uint8Array;
  /** Places in a row; undefined if that is left to the grid. */
  readonly columns?: number;
}

/**
 * Samples whose classes follow each other, `0, 1, 2, 0, 1, ...`, so that each row of a grid is of one class. If there are
 * not at least two of each, they stay as they are.
 *
 * @param data Bytes of all samples.
 * @param count How many.
 * @param classes How many classes.
 */
export function classRows(data: Uint8Array, count: number, classes: number): ClassRows {
  if (classes < 2 || count < 2 * classes) return { data };
  const each = data.length / count;
  const columns = Math.ceil(count / classes);
  const rows = new Uint8Array(classes * columns * each).fill(EMPTY);
  for (let sample = 0; sample < count; sample++) {
    const place = sample % classes * columns + Math.floor(sample / classes);
    rows.set(data.subarray(sample * each, (sample + 1) * each), place * each);
  }
  return { data: rows, columns };
}

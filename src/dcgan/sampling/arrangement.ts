import {
  composeGrid,
  enlarge,
  type GridOptions,
  gridProblem,
  type ImageSides,
  type ImageSize,
  type Picture,
  type PictureBatch,
  sidesOf,
  sizeText,
} from "../../pictures/mod.ts";

/** How pictures are laid out in one. */
export interface Arrangement {
  /** Pictures side by side and below each other, the first number across; as many as there are by default. */
  readonly grid?: ImageSize | undefined;
  /** Pixels between pictures and around them; by default 2, and none around a single picture. */
  readonly padding?: number | undefined;
  /** Each pixel becomes a square of so many. */
  readonly scale?: number | undefined;
}

/** Pixels of a picture at most, what viewers open and this module reads. */
const MOST_PIXELS = 64 * 2 ** 20;

/** Pixels between pictures if that is not said. */
const PADDING = 2;

/** Pixels between pictures: a single one is not framed. */
export function paddingOf(count: number, { padding }: Arrangement): number {
  return padding ?? (count === 1 ? 0 : PADDING);
}

/**
 * Lays out pictures.
 *
 * @param batch All of them.
 * @param columns How many are side by side, if no grid says so.
 */
export function arrange(batch: PictureBatch, arrangement: Arrangement, columns?: number): Picture {
  const count = batch.data.length / (batch.width * batch.height * batch.channels);
  const across = arrangement.grid === undefined ? columns : sidesOf(arrangement.grid).width;
  const options: GridOptions = {
    padding: paddingOf(count, arrangement),
    ...(across === undefined ? {} : { columns: across }),
  };
  return composeGrid(enlarge(batch, arrangement.scale ?? 1), options);
}

/** Pictures across and down: rows that would be empty are left out. */
function placesOf(
  count: number,
  { grid }: Arrangement,
  columns = Math.ceil(Math.sqrt(count)),
): { columns: number; rows: number } {
  const across = grid === undefined ? columns : sidesOf(grid).width;
  return { columns: across, rows: Math.ceil(count / across) };
}

/**
 * The sides of a picture of some pictures.
 *
 * @param columns How many are side by side, if no grid says so.
 */
export function arrangedSides(
  count: number,
  size: ImageSize,
  arrangement: Arrangement,
  columns?: number,
): ImageSides {
  const places = placesOf(count, arrangement, columns);
  const gap = paddingOf(count, arrangement);
  const side = (places: number, pixels: number) => places * (pixels * (arrangement.scale ?? 1) + gap) + gap;
  const { width, height } = sidesOf(size);
  return { width: side(places.columns, width), height: side(places.rows, height) };
}

/**
 * Throws if pictures do not fit a grid, or the grid has too many pixels.
 *
 * @throws {RangeError} naming the option.
 */
export function expectArranges(
  action: string,
  count: number,
  size: ImageSize,
  arrangement: Arrangement,
  advice = "",
): void {
  const { grid, scale = 1, padding } = arrangement;
  if (grid === undefined && scale === 1 && padding === undefined) {
    const problem = gridProblem(count, size);
    if (problem) throw new RangeError(`Cannot ${action}: "count" ${problem}${advice && `. ${advice}`}`);
    return;
  }
  const { columns, rows } = placesOf(count, arrangement);
  if (grid !== undefined && rows > sidesOf(grid).height) {
    throw new RangeError(
      `Cannot ${action}: "grid" must have a place for each of ${count} pictures, found ${sizeText(grid)}`,
    );
  }
  const { width: wide, height: high } = arrangedSides(count, size, arrangement);
  if (wide * high <= MOST_PIXELS) return;
  throw new RangeError(
    `Cannot ${action}: a picture has at most ${MOST_PIXELS} pixels, and ${columns}x${rows} of ${
      sizeText(size)
    } ` +
      `at "scale" ${scale} take ${wide}x${high}. Take fewer, or a smaller scale`,
  );
}

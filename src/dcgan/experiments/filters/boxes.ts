import * as v from "valibot";
import { quote } from "../../options/config_issue.ts";

/** Left, top, right and bottom of an area, as shares of a picture's width and height. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** A box around something in a sample. */
export interface SampleBox {
  /** Number of the sample of its seed, from 0. */
  readonly sample: number;
  /** Where it is. */
  readonly box: Box;
}

/** Boxes that were drawn by hand on samples of one seed. */
export interface SampleBoxes {
  /** Seed of the samples, as `sample` takes it. */
  readonly seed: number;
  /** The boxes. A sample may have several. */
  readonly boxes: readonly SampleBox[];
}

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const box = v.pipe(
  v.tuple([share, share, share, share]),
  v.check(([left, top, right, bottom]) => left < right && top < bottom),
);
const schema = v.strictObject({
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)),
  boxes: v.pipe(
    v.array(
      v.strictObject({
        sample: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)),
        box,
      }),
    ),
    v.minLength(1),
  ),
});

/** What a value must be to hold boxes. */
const ALLOWED =
  '{ "seed": 1, "boxes": [{ "sample": 0, "box": [left, top, right, bottom] }, ...] }, with numbers of ' +
  "samples from 0 to 65535, and sides from 0 to 1";

/**
 * Reads boxes from JSON: `{ "seed": 1, "boxes": [{ "sample": 0, "box": [0.2, 0.3, 0.6, 0.5] }] }`, sides as
 * shares of the width and the height, from the left and the top.
 *
 * @param path The file, for messages.
 * @throws {SyntaxError} if it is something else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseBoxes } from "@x/dcgan";
 *
 * const text = '{ "seed": 1, "boxes": [{ "sample": 3, "box": [0.2, 0.3, 0.6, 0.5] }] }';
 * const { seed, boxes } = parseBoxes(text, "boxes.json");
 * assertEquals([seed, boxes[0]!.sample], [1, 3]);
 * ```
 */
export function parseBoxes(json: string, path: string): SampleBoxes {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${path}: it must be JSON, found ${quote(json)}`, { cause });
  }
  return checkBoxes(value, path);
}

/**
 * Checks that a value is boxes.
 *
 * @throws {SyntaxError} if it is something else.
 */
export function checkBoxes(value: unknown, where: string): SampleBoxes {
  const read = v.safeParse(schema, value);
  if (read.success) return read.output;
  const issue = read.issues[0]!;
  const place = issue.path?.map(({ key }) => String(key)).join(".");
  throw new SyntaxError(
    `Cannot use the boxes of ${where}: they must be ${ALLOWED}, found ${quote(issue.input)}${
      place === undefined ? "" : ` at ${place}`
    }`,
  );
}

/**
 * Whether each place of a map lies on one of some boxes: its middle does, or the middle of the box lies in
 * it, so that no box is lost between places.
 *
 * @returns `[height * width]`, row by row.
 */
export function insideBoxes(boxes: readonly Box[], height: number, width: number): boolean[] {
  return Array.from({ length: height * width }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    return boxes.some(([left, top, right, bottom]) => {
      const [x, y] = [(column + 0.5) / width, (row + 0.5) / height];
      const [cx, cy] = [(left + right) / 2, (top + bottom) / 2];
      const hasMiddle = Math.floor(cx * width) === column && Math.floor(cy * height) === row;
      return hasMiddle || x > left && x < right && y > top && y < bottom;
    });
  });
}

/** The area that two boxes share over the area of both together: 1 if they are the same. */
export function overlap(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const area = ([left, top, right, bottom]: Box) => Math.max(0, right - left) * Math.max(0, bottom - top);
  const both = width * height;
  return both / (area(a) + area(b) - both);
}

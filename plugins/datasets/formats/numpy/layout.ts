import type { Channels } from "../../../../src/pictures/mod.ts";
import { DatasetError } from "../../contract.ts";

/** What the axes of an array may be: pictures, rows, columns, channels. `auto` finds out. */
export const layoutChoices = ["auto", "nhw", "nhwc", "nchw", "hw", "hwc", "chw"] as const;

/** One of them. */
export type LayoutChoice = typeof layoutChoices[number];

/** Where the pictures of an array are. */
export interface NpyLayout {
  /** How many pictures there are. */
  readonly length: number;
  /** Pixels down. */
  readonly height: number;
  /** Pixels across. */
  readonly width: number;
  /** 1: gray; 2: gray with alpha; 3: color; 4: color with alpha. */
  readonly channels: Channels;
  /** Elements from one to the next picture, row, column and channel. */
  readonly strides: { readonly n: number; readonly h: number; readonly w: number; readonly c: number };
  /** How the axes were taken, for messages: `[N, H, W, C]`. */
  readonly axes: string;
  /** What else the axes might have been, if that is not plain. */
  readonly doubt?: string;
}

/** Least edge of a picture whose rows were joined to one. */
const LEAST_FLAT = 8;

const isChannels = (extent: number | undefined): boolean =>
  extent !== undefined && extent >= 1 && extent <= 4;

/**
 * Finds out what the axes of an array are.
 *
 * @param shape Extents, outermost first.
 * @param columnMajor Whether the elements of the first axis lie side by side.
 * @param wanted What they are, if that is known.
 * @throws {DatasetError} if they cannot be pictures, or are ambiguous.
 */
export function findLayout(
  shape: readonly number[],
  columnMajor: boolean,
  wanted: LayoutChoice,
  path: string,
): NpyLayout {
  const fail = (expected: string) =>
    new DatasetError(`${path} must have the shape ${expected}, found [${shape.join(", ")}]`);
  const plain = "[N, H, W] or [N, H, W, C], with 1 to 4 channels, [N, C, H, W], or [N, H * W] of squares";
  if (shape.some((extent) => extent === 0)) throw fail(plain);
  const strides = stridesOf(shape, columnMajor);
  const [layout, doubt] = wanted === "auto" ? guess(shape, path) : [wanted, undefined];
  if (layout === undefined) {
    const { message } = fail(plain);
    throw new DatasetError(`${message}; ${adviceFor(shape)}`);
  }
  if (shape.length === 2 && layout.startsWith("n")) return flat(shape, strides, layout, fail, doubt);
  if (layout.length !== shape.length) {
    throw fail(`[${[...layout.toUpperCase()].join(", ")}] that was asked for`);
  }
  const at = (axis: string) => layout.indexOf(axis);
  const extent = (axis: string) => shape[at(axis)] ?? 1;
  const stride = (axis: string) => strides[at(axis)] ?? 0;
  if (!isChannels(extent("c"))) throw fail(wanted === "auto" ? plain : "of pictures with 1 to 4 channels");
  return {
    length: extent("n"),
    height: extent("h"),
    width: extent("w"),
    channels: extent("c") as Channels,
    strides: { n: stride("n"), h: stride("h"), w: stride("w"), c: stride("c") },
    axes: `[${[...layout.toUpperCase()].join(", ")}]`,
    ...(doubt === undefined ? {} : { doubt }),
  };
}

function stridesOf(shape: readonly number[], columnMajor: boolean): number[] {
  const product = (extents: readonly number[]) => extents.reduce((a, b) => a * b, 1);
  return shape.map((_, axis) => product(columnMajor ? shape.slice(0, axis) : shape.slice(axis + 1)));
}

/** What the axes most likely are, and what else they may be; nothing if no picture fits them. */
function guess(
  shape: readonly number[],
  path: string,
): readonly [layout?: LayoutChoice | undefined, doubt?: string | undefined] {
  const [first = 0, second = 0, third = 0, fourth = 0] = shape;
  if (shape.length === 4) {
    if (!isChannels(fourth)) return isChannels(second) ? ["nchw"] : [];
    // If both fit, pictures are more often square than not
    return isChannels(second) && third === fourth && second !== third ? ["nchw"] : ["nhwc"];
  }
  if (shape.length === 3) {
    // Pictures are never 3 pixels wide and higher than that
    if (isChannels(third) && second !== third) return ["hwc"];
    if (first === second && second !== third) {
      throw new DatasetError(
        `${path} may be ${first} gray pictures of ${third}x${second} pixels or ${third} of ${first}x${first}, ` +
          `found the ambiguous shape [${
            shape.join(", ")
          }]; give --data-layout nhw, or save np.moveaxis(array, -1, 0)`,
      );
    }
    const isOne = isChannels(first) && first > 1;
    return ["nhw", isOne ? "--data-layout chw is for one picture in color" : undefined];
  }
  if (shape.length !== 2 || flatEdge(second) === undefined) return [];
  if (first === second) {
    throw new DatasetError(
      `${path} may be one gray picture or ${first} pictures in rows of ${second}, found the ambiguous ` +
        `shape [${first}, ${second}]; ` +
        "choose with --data-layout hw or --data-layout nhw",
    );
  }
  if (second === flatEdge(second)! ** 2) return ["nhw"];
  return ["nchw", "--data-layout nhwc is for rows with the colors of a pixel side by side"];
}

/** How to fix an array whose shape cannot be pictures. */
function adviceFor(shape: readonly number[]): string {
  if (shape.length === 2) {
    return "save array.reshape(-1, H, W) with the height and width of its pictures, or say --data-layout hw for one picture";
  }
  if (shape.length === 4 && isChannels(shape[2])) return "save np.moveaxis(array, -1, 0)";
  return "save it with one axis of pictures, then rows and columns, np.reshape or np.moveaxis";
}

/** Edge of the squares that rows of pictures are, gray or in color. */
function flatEdge(row: number): number | undefined {
  const edges = [Math.sqrt(row), Math.sqrt(row / 3)];
  return edges.find((edge) => Number.isInteger(edge) && edge >= LEAST_FLAT);
}

/** Pictures whose pixels were joined to rows. */
function flat(
  shape: readonly number[],
  strides: readonly number[],
  layout: LayoutChoice,
  fail: (expected: string) => DatasetError,
  doubt: string | undefined,
): NpyLayout {
  const [length = 0, row = 0] = shape;
  const channels = layout === "nhw" ? 1 : 3;
  const edge = Math.sqrt(row / channels);
  if (!Number.isInteger(edge)) {
    throw fail(`[N, ${channels === 1 ? "H * W" : "3 * H * W"}] of square pictures`);
  }
  const [n = 0, one = 0] = strides;
  const planes = layout !== "nhwc";
  return {
    length,
    height: edge,
    width: edge,
    channels,
    strides: {
      n,
      h: one * edge * (planes ? 1 : channels),
      w: one * (planes ? 1 : channels),
      c: one * (planes ? edge ** 2 : 1),
    },
    axes: channels === 1 ? "[N, H * W]" : planes ? "[N, C * H * W]" : "[N, H * W * C]",
    ...(doubt === undefined ? {} : { doubt }),
  };
}

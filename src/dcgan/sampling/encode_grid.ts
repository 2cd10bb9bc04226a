import { encodePng, type Mark, markPng, type Picture, type PictureBatch } from "../../pictures/mod.ts";
import { arrange, type Arrangement } from "./arrangement.ts";
import { classRows } from "./class_rows.ts";

/** How a grid is laid out, and what it says. */
export interface GridEncoding extends Arrangement {
  /** How many classes samples take in turn. */
  readonly classes: number;
  /** What the picture says about itself. */
  readonly mark: Mark | undefined;
}

/** All samples as one picture: if there are several classes, which samples take in turn, with a row for each. */
export function composeSamples(
  batch: PictureBatch,
  { classes, ...arrangement }: Omit<GridEncoding, "mark">,
): Picture {
  const { data, width, height, channels } = batch;
  const count = data.length / (width * height * channels);
  // A grid of one's own is filled in reading order
  const { data: rows, columns } = arrangement.grid ? { data } : classRows(data, count, classes);
  return arrange({ ...batch, data: rows }, arrangement, columns);
}

/** The same as the bytes of a PNG. */
export async function encodeGrid(
  batch: PictureBatch,
  { mark, ...layout }: GridEncoding,
): Promise<Uint8Array> {
  const png = await encodePng(composeSamples(batch, layout));
  return mark ? markPng(png, mark) : png;
}

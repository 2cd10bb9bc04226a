import type { Picture } from "../../../pictures/mod.ts";
import { moveLatent } from "../directions/latent_direction.ts";
import type { SeedPlace } from "../latents/places.ts";
import type { OpenGenerator } from "../open_generator.ts";
import type { LatentSamples } from "../samples_at.ts";
import { Sheet, sheetShape } from "../sheet.ts";
import { combinePictures, meanPicture } from "./pixel_arithmetic.ts";
import { combine, meanLatent, neighborhood } from "./vector_arithmetic.ts";

/** Samples of a group with their mean. */
export interface Exemplars extends LatentSamples {
  /** Where they are. */
  readonly places: readonly SeedPlace[];
  /** The mean of their latent vectors. */
  readonly mean: Float32Array;
  /** Class that the mean is drawn with, that of the first; undefined if the generator knows none. */
  readonly label: number | undefined;
}

/** Samples of a group, with the mean. */
export function exemplarsOf(
  places: readonly SeedPlace[],
  samples: LatentSamples,
  latent: number,
): Exemplars {
  const vectors = places.map((_, at) => samples.latents.subarray(at * latent, (at + 1) * latent));
  return { ...samples, places, mean: meanLatent(vectors), label: samples.labels?.[0] };
}

/** Draws samples with their places under them, to choose from: `1:5` is sample 5 of seed 1. */
export async function drawNumbered(
  generator: OpenGenerator,
  places: readonly SeedPlace[],
  { latents, labels }: LatentSamples,
): Promise<Picture> {
  const columns = Math.min(places.length, Math.ceil(Math.sqrt(places.length)));
  const layout = { columns, rows: Math.ceil(places.length / columns), captions: 1 };
  const sheet = new Sheet(sheetShape(generator), layout, "draw the samples");
  const pictures = await generator.draw(latents, labels);
  const { pictureLength } = generator;
  for (const [at, place] of places.entries()) {
    const picture = pictures.subarray(at * pictureLength, (at + 1) * pictureLength);
    sheet.place(picture, at % columns, Math.floor(at / columns), [`${place}`]);
  }
  return sheet.picture;
}

/**
 * Draws `a - b + c` as the paper does (figure 7): samples of each group above their mean, and the result
 * among eight neighbors.
 *
 * @param names What the groups are called.
 * @param seed Seed of the neighbors' noise.
 * @param withPixels Whether the same sum of the pictures themselves is drawn below.
 */
export async function drawResult(
  generator: OpenGenerator,
  { a, b, c }: { readonly a: Exemplars; readonly b: Exemplars; readonly c: Exemplars },
  names: readonly string[],
  seed: number,
  withPixels = false,
): Promise<Picture> {
  const vectors = Math.max(2, a.places.length, b.places.length, c.places.length) + 1;
  const rows = vectors + (withPixels ? 1 : 0);
  const above = [names[0]!, "", names[1]!, "", names[2]!, "", "", "result", ""];
  const layout = { columns: 9, rows, above, captions: 1 };
  const sheet = new Sheet(sheetShape(generator), layout, "draw the result");
  for (const [at, group] of [a, b, c].entries()) {
    await placeGroup(generator, sheet, group, 2 * at, vectors - 1);
    sheet.sign(["-", "+", "="][at]!, 2 * at + 1, vectors - 1);
  }
  const around = neighborhood(combine(a.mean, b.mean, c.mean), seed);
  const pictures = await generator.draw(around, c.label === undefined ? undefined : [c.label]);
  const { pictureLength } = generator;
  for (let at = 0; at < 9; at++) {
    const picture = pictures.subarray(at * pictureLength, (at + 1) * pictureLength);
    const captions = at === 4 ? ["A - B + C"] : [];
    sheet.place(picture, 6 + at % 3, vectors - 3 + Math.floor(at / 3), captions);
  }
  sheet.frame(7, vectors - 2);
  if (withPixels) await placePixels(generator, sheet, [a, b, c], vectors);
  return sheet.picture;
}

/** A row with the mean pictures of groups, and their sum. */
async function placePixels(
  generator: OpenGenerator,
  sheet: Sheet,
  groups: readonly Exemplars[],
  row: number,
): Promise<void> {
  const means: Float32Array[] = [];
  for (const [at, { latents, labels }] of groups.entries()) {
    const mean = meanPicture(await generator.draw(latents, labels), generator.pictureLength);
    sheet.place(Uint8Array.from(mean, Math.round), 2 * at, row, ["mean pixels"]);
    sheet.sign(["-", "+", "="][at]!, 2 * at + 1, row);
    means.push(mean);
  }
  const [a, b, c] = means;
  sheet.place(combinePictures(a!, b!, c!), 7, row, ["in pixels"]);
}

async function placeGroup(
  generator: OpenGenerator,
  sheet: Sheet,
  { places, latents, labels, mean, label }: Exemplars,
  column: number,
  last: number,
): Promise<void> {
  const { pictureLength } = generator;
  const pictures = await generator.draw(latents, labels);
  for (const [at, place] of places.entries()) {
    const picture = pictures.subarray(at * pictureLength, (at + 1) * pictureLength);
    sheet.place(picture, column, last - places.length + at, [`${place}`]);
  }
  sheet.place(await generator.draw(mean, label === undefined ? undefined : [label]), column, last, ["mean"]);
}

/** Pictures in a row along a vector, an odd number: the one in the middle is the sample itself. */
const COLUMNS = 7;

/**
 * Draws samples moved along `a - b`, from once against it to once along it: the paper's turn vector (figure
 * 8).
 *
 * @param names What the groups are called.
 */
export async function drawAlong(
  generator: OpenGenerator,
  { a, b }: { readonly a: Exemplars; readonly b: Exemplars },
  names: readonly string[],
  { latents, labels }: LatentSamples,
): Promise<Picture> {
  const { latent, pictureLength } = generator;
  const vector = combine(a.mean, b.mean);
  const rows = latents.length / latent;
  const above = Array.from(
    { length: COLUMNS },
    (_, at) => at === 0 ? names[1]! : at === COLUMNS - 1 ? names[0]! : "",
  );
  const sheet = new Sheet(sheetShape(generator), { columns: COLUMNS, rows, above }, "draw the vector");
  for (let row = 0; row < rows; row++) {
    const base = latents.subarray(row * latent, (row + 1) * latent);
    const moved = new Float32Array(COLUMNS * latent);
    for (let column = 0; column < COLUMNS; column++) {
      const share = 2 * column / (COLUMNS - 1) - 1;
      moved.set(moveLatent(base, [[{ vector }, share]], "normal"), column * latent);
    }
    const pictures = await generator.draw(moved, labels && [labels[row]!]);
    for (let column = 0; column < COLUMNS; column++) {
      sheet.place(pictures.subarray(column * pictureLength, (column + 1) * pictureLength), column, row);
    }
  }
  return sheet.picture;
}

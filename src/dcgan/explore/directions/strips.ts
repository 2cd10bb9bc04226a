import type { Picture } from "../../../pictures/mod.ts";
import type { OpenGenerator } from "../open_generator.ts";
import { Sheet, sheetShape } from "../sheet.ts";
import { type LatentDirection, moveLatent } from "./latent_direction.ts";

/** What strips show. */
export interface StripOptions {
  /** Latent vectors that are moved, one after another. */
  readonly bases: Float32Array;
  /** Classes of these, of a conditional generator. */
  readonly labels: readonly number[] | undefined;
  /** How far to move to either side, in standard deviations of the latents. */
  readonly range: number;
  /** Pictures in a row, an odd number: the one in the middle is not moved. */
  readonly columns: number;
}

/**
 * Draws a row of pictures for each direction and each latent vector, from `-range` to `range`. Rows of one
 * direction follow each other.
 */
export async function drawStrips(
  generator: OpenGenerator,
  directions: readonly Pick<LatentDirection, "name" | "vector">[],
  { bases, labels, range, columns }: StripOptions,
): Promise<Picture> {
  const { latent, latentDistribution, pictureLength } = generator;
  const count = bases.length / latent;
  const places = Array.from({ length: columns }, (_, i) => range * (2 * i / (columns - 1) - 1));
  const sheet = new Sheet(sheetShape(generator), {
    columns,
    rows: directions.length * count,
    left: directions.flatMap(({ name }) => [name, ...new Array<string>(count - 1).fill("")]),
    above: places.map(placeText),
  }, "draw the directions");
  for (const [at, direction] of directions.entries()) {
    const row = new Float32Array(count * columns * latent);
    for (let base = 0; base < count; base++) {
      for (const [column, place] of places.entries()) {
        const from = bases.subarray(base * latent, (base + 1) * latent);
        row.set(
          moveLatent(from, [[direction, place]], latentDistribution),
          (base * columns + column) * latent,
        );
      }
    }
    const each = labels &&
      Array.from({ length: count * columns }, (_, i) => labels[Math.floor(i / columns)]!);
    const pictures = await generator.draw(row, each);
    for (let i = 0; i < count * columns; i++) {
      const picture = pictures.subarray(i * pictureLength, (i + 1) * pictureLength);
      sheet.place(picture, i % columns, at * count + Math.floor(i / columns));
    }
  }
  return sheet.picture;
}

/** `-3`, `+1.5`, `0`, in standard deviations. */
function placeText(place: number): string {
  const rounded = Math.round(place * 10) / 10;
  return rounded > 0 ? `+${rounded}` : `${rounded === 0 ? 0 : rounded}`;
}

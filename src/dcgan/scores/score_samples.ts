import { compareApart } from "./apart/compare_apart.ts";
import { countOf, type PictureSet } from "./pictures.ts";
import type { Reference } from "./reference.ts";
import type { Scores } from "./score.ts";

/** Fewest pictures, of either kind, that can be compared. */
export const LEAST_PICTURES = 20;

/**
 * Scores samples against pictures of the data. What needs features is missing if the reference has none.
 *
 * @param signal Ends it once it aborts, with the signal's reason.
 * @throws {RangeError} if there are fewer than 20 samples or pictures of the data.
 */
export async function scoreSamples(
  reference: Reference,
  samples: PictureSet,
  signal?: AbortSignal,
): Promise<Scores> {
  const { network, described, ...pixels } = reference;
  const counts = { samples: countOf(samples), "images of the data": countOf(reference.pictures) };
  for (const [name, count] of Object.entries(counts)) {
    if (count < LEAST_PICTURES) {
      throw new RangeError(`Cannot score samples: ${name} must be ${LEAST_PICTURES} or more, found ${count}`);
    }
  }
  const fake = network && described && await network.describe(samples.bytes);
  const scores = fake && await compareApart("compareFeatures", [described, fake, network.labels], signal);
  return { ...scores, ...await compareApart("scorePixels", [pixels, samples], signal) };
}

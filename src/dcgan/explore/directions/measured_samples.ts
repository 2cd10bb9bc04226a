import { latentVectors } from "../../sampling/generate.ts";
import type { PictureSet } from "../../scores/pictures.ts";
import type { OpenGenerator } from "../open_generator.ts";
import type { Rows } from "./least_squares.ts";

/**
 * Samples that directions are measured by, for each number of a latent vector: fewer would leave mostly
 * noise.
 */
const LEAST_EACH = 4;

/** Samples with their latent vectors. */
export interface MeasuredSamples {
  /** Latent vectors. */
  readonly latents: Rows;
  /** The pictures drawn from them. */
  readonly pictures: PictureSet;
}

/**
 * Draws samples to measure directions by. Their latent vectors are those of the seed, without truncation.
 *
 * @param labels Classes of the samples, in turn, of a conditional generator.
 * @param signal Ends it once it aborts, with the signal's reason.
 * @throws {RangeError} if there are fewer than 4 for each number of a latent vector.
 */
export async function measuredSamples(
  generator: OpenGenerator,
  count: number,
  seed: number,
  labels: readonly number[] | undefined,
  signal: AbortSignal | undefined,
): Promise<MeasuredSamples> {
  const { latent, size, channels } = generator;
  if (count < LEAST_EACH * latent) {
    throw new RangeError(
      `Cannot measure directions: "samples" must be at least ${
        LEAST_EACH * latent
      }, ${LEAST_EACH} for each of the ` +
        `${latent} numbers of a latent vector, found ${count}`,
    );
  }
  const data = latentVectors({ ...generator, count, seed });
  const bytes = await generator.draw(data, labels, signal);
  return { latents: { data, count, dimensions: latent }, pictures: { bytes, size, channels } };
}

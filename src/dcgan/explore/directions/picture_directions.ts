import { symmetricEigen } from "../../scores/metrics/linear/eigenvectors.ts";
import { addRowProducts } from "../../scores/metrics/linear/multiply_transposed.ts";
import { shrink } from "../../scores/pictures.ts";
import { directionsOf, expectShortLatent, type LatentDirection } from "./latent_direction.ts";
import { leastSquares } from "./least_squares.ts";
import type { MeasuredSamples } from "./measured_samples.ts";

/**
 * The directions that change pictures most: principal components of what is linear in the latents. Least
 * squares finds the matrix `M` that comes nearest to the generator over many samples, averaged down to 16
 * pixels or so, and the directions are eigenvectors of `M^T M`. GANSpace (Härkönen et al. 2020,
 * arXiv:2004.02546, section 3.2) takes components of features first and carries them to the latent space by
 * least squares; of the linear part that is one step.
 *
 * @param samples Samples and their latent vectors, many times as many as a latent vector has numbers.
 * @param count How many, those that change pictures most first.
 * @throws {RangeError} if the latent vectors are longer than 2,048 numbers, or there are too few samples.
 */
export function pictureDirections(samples: MeasuredSamples, count: number): LatentDirection[] {
  const { latents, pictures } = samples;
  const { dimensions: latent } = latents;
  expectShortLatent(latent);
  const small = shrink(pictures);
  const map = leastSquares(latents, { ...small, data: Float32Array.from(small.data) });
  const columns = new Float64Array(map.length);
  for (let pixel = 0; pixel < small.dimensions; pixel++) {
    for (let i = 0; i < latent; i++) columns[i * small.dimensions + pixel] = map[pixel * latent + i]!;
  }
  const gram = new Float64Array(latent * latent);
  addRowProducts({
    a: columns,
    b: columns,
    rows: latent,
    columns: latent,
    terms: small.dimensions,
    sum: gram,
    lower: true,
  });
  return directionsOf(symmetricEigen(gram, latent).vectors, latent, count, "pictures");
}

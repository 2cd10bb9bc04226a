import { discriminatorLayers, firstValues, generatorLayers } from "../networks.ts";
import { type Problem, realPixels, samplingLatent, trainingLatent } from "../problem.ts";

/** Steps whose latent vectors are given; those of later steps are drawn by PyTorch itself. */
export const GIVEN_STEPS = 3;

/**
 * What contestants in Deno compute for themselves, for one that cannot: first values of the generator and of the
 * discriminator in PyTorch's order, latent vectors of the first steps and of a batch of samples, all as floats of 32
 * bits, then the real pictures as bytes.
 */
export function givenBytes(problem: Problem): Uint8Array<ArrayBuffer> {
  const { seed } = problem;
  const arrays = [
    ...firstValues(generatorLayers(problem), seed).values().map(({ data }) => data),
    ...firstValues(discriminatorLayers(problem), seed + 1).values().map(({ data }) => data),
    ...Array.from({ length: GIVEN_STEPS }, (_, step) => trainingLatent(problem, step)),
    samplingLatent(problem),
    realPixels(problem),
  ];
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

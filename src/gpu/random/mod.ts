/**
 * Counted random numbers: each one is a pure function of a seed, a stream, a counter and its index, the same on the
 * host and on every GPU. Nothing needs to be saved to resume a run.
 *
 * @module
 */
export { addNoise, type AddNoiseOptions } from "./add_noise.ts";
export { type DrawCounter, randomNormal, randomUniform, type RecordedDraw } from "./draw.ts";
export { type DrawOptions, hostNormal, hostUniform, type UniformOptions } from "./host.ts";
export { type PermutationOptions, permuted } from "./permutation.ts";
export { randomBits, type RandomKey } from "./philox.ts";

import { unitVector } from "../../../src/dcgan/explore/directions/vectors.ts";
import {
  combine,
  meanLatent,
  neighborhood,
} from "../../../src/dcgan/explore/arithmetic/vector_arithmetic.ts";
import type { Drawn } from "../drawn.ts";
import { drawsFrom, type Used } from "../source/source.ts";
import { draw } from "./samples.ts";

/** Samples that are added and subtracted. */
export interface Sum {
  /** Samples that have something. */
  readonly a: readonly Float32Array[];
  /** Samples that lack it. */
  readonly b: readonly Float32Array[];
  /** Samples that get it. */
  readonly c: readonly Float32Array[];
  /** Class of the result, of a conditional generator. */
  readonly label?: number | undefined;
  /** Seed of the neighbors' noise. */
  readonly seed: number;
}

/** What a sum came to. */
export interface SumResult {
  /** The mean of each group, in order. */
  readonly means: Drawn;
  /** `a - b + c` among eight neighbors; it is the fifth. */
  readonly result: Drawn;
  /** Direction of `a - b`, of length 1. */
  readonly direction: Float32Array;
}

/** Adds and subtracts the means of groups, as `arithmetic` does. Each has a sample or more. */
export async function drawSum(used: Used, { a, b, c, label, seed }: Sum): Promise<SumResult> {
  const generator = drawsFrom(used);
  const labels = label === undefined ? undefined : [label];
  const [one, other, third] = [meanLatent(a), meanLatent(b), meanLatent(c)];
  const means = Float32Array.of(...one, ...other, ...third);
  return {
    means: await draw(generator, means, labels),
    result: await draw(generator, neighborhood(combine(one, other, third), seed), labels),
    direction: unitVector(combine(one, other)),
  };
}

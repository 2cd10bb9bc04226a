import { loopIterations } from "../../kernel/iterations.ts";
import { each, type KernelPart, u32 } from "../../kernel/run_kernel.ts";
import { halfBits, PERMUTATION_ITERATIONS, PERMUTATION_WGSL } from "../../random/permutation.ts";
import { keyOf } from "../../random/philox.ts";

/** Which pictures of shuffled passes a batch takes. */
export interface Shuffle {
  /** Pictures of a batch. */
  readonly batch: number;
  /** Seed of the order. */
  readonly seed: number;
}

/** `step * batch + position` as a pass over `length` pictures and the place in it, by long division of 64 bits. */
const PLACE_WGSL = `fn place_of(step: u32, batch: u32, position: u32, length: u32) -> vec2u {
  let product = step * batch;
  var low = product + position;
  var rest = (multiply_high(step, batch) + select(0u, 1u, low < product)) % length;
  var epoch = 0u;
  for (var bit = 0u; bit < 32u; bit++) {
    let over = (rest >> 31u) == 1u;
    rest = (rest << 1u) | (low >> 31u);
    low <<= 1u;
    epoch <<= 1u;
    if (over || rest >= length) { rest -= length; epoch |= 1u; }
  }
  return vec2u(epoch, rest);
}`;

/** Loop iterations of `place_of`. */
const PLACE_ITERATIONS = loopIterations(32);

/** Loop iterations of {@linkcode SHUFFLED_PICTURE}. */
export const SHUFFLE_ITERATIONS: number = PERMUTATION_ITERATIONS + PLACE_ITERATIONS;

/** What {@linkcode SHUFFLED_PICTURE} needs, behind `PHILOX_WGSL`. */
export const SHUFFLE_WGSL: readonly string[] = [PERMUTATION_WGSL, PLACE_WGSL];

/** The uniforms that {@linkcode SHUFFLED_PICTURE} reads besides `batch`. */
export function shuffleUniforms(length: number, seed: number): NonNullable<KernelPart["uniforms"]> {
  const [shuffle_low, shuffle_high] = keyOf(seed);
  return each(u32, { length, half: halfBits(length), shuffle_low, shuffle_high });
}

/** Statements that find the `picture` at a `position` of the batch of a `step`. */
export const SHUFFLED_PICTURE: string = `let place = place_of(step, params.batch, position, params.length);
  let shuffle_key = vec2u(params.shuffle_low, params.shuffle_high);
  let picture = permuted(place.y, params.length, params.half, place.x, shuffle_key);`;

import type { LatentDistribution } from "../../networks/latent.ts";

/** Angle in radians below which an arc is a line to the last digit. */
const STRAIGHT = 1e-4;

/**
 * A point between two latent vectors: on the line between uniform ones, as in the paper; between normal ones
 * on the arc (White 2016, arXiv:1609.04468), as nearly all of these have about the same length, and the
 * middle of a line is shorter.
 *
 * @param share From 0, the first, to 1, the second.
 */
export function between(
  from: Float32Array,
  to: Float32Array,
  share: number,
  distribution: LatentDistribution,
): Float32Array {
  const [a, b] = distribution === "uniform" ? [1 - share, share] : arcShares(from, to, share);
  return from.map((value, i) => a * value + b * to[i]!);
}

function arcShares(from: Float32Array, to: Float32Array, share: number): [number, number] {
  let [product, first, second] = [0, 0, 0];
  for (let i = 0; i < from.length; i++) {
    product += from[i]! * to[i]!;
    first += from[i]! ** 2;
    second += to[i]! ** 2;
  }
  const cosine = product / Math.sqrt(first * second);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  // Of opposite vectors no arc is the shortest, and a line through the middle is as good
  if (!(angle > STRAIGHT) || angle > Math.PI - STRAIGHT) return [1 - share, share];
  return [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)];
}

/** A line through the weights of one class, as the squared hinge loss sees it. */
export interface Line {
  /** Product of the weights with the direction, the bias included. */
  readonly slope: number;
  /** Squared length of the direction. */
  readonly curvature: number;
  /** `1 - y s` of each example: how far its score is from where its loss ends. */
  readonly margins: Float64Array;
  /** `y r` of each example: how fast the direction takes it there. */
  readonly rates: Float64Array;
  /** Weight of the losses. */
  readonly c: number;
}

/** Newton steps at most. Each ends in another piece of the parabolas, of which few are met. */
const MOST_STEPS = 100;

/** The slope that counts as none, as a share of that at the start. */
const FLAT = 1e-12;

/**
 * Where the objective of a linear SVM is least along a line, exactly: the `t >= 0` that minimizes
 *
 * ```text
 * |w + t p|^2 / 2 + C sum over i of max(0, 1 - y_i (s_i + t r_i))^2
 * ```
 *
 * It is convex and made of parabolas, so Newton's method on its slope ends after a few steps. A step that
 * would leave what is known to hold the minimum is replaced by half of it.
 */
export function exactStep({ slope, curvature, margins, rates, c }: Line): number {
  const at = (t: number): { slope: number; curvature: number } => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < margins.length; i++) {
      const rate = rates[i]!;
      const left = margins[i]! - t * rate;
      if (left <= 0) continue;
      sum += rate * left;
      squares += rate * rate;
    }
    return { slope: slope + t * curvature - 2 * c * sum, curvature: curvature + 2 * c * squares };
  };
  const start = at(0);
  if (!(start.slope < 0)) return 0;
  let [low, high, t] = [0, Infinity, -start.slope / start.curvature];
  for (let step = 0; step < MOST_STEPS; step++) {
    const here = at(t);
    if (Math.abs(here.slope) <= FLAT * -start.slope) break;
    if (here.slope < 0) low = t;
    else high = t;
    const next = t - here.slope / here.curvature;
    const inside = next > low && next < high;
    const target = inside ? next : high === Infinity ? 2 * t : (low + high) / 2;
    if (target === t) break;
    t = target;
  }
  return t;
}

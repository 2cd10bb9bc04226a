/** Pairs of steps and changes of the gradient that are remembered. */
const MEMORY = 10;

/** A step, and how it changed the gradient. */
interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** `1 / (step . change)`. */
  readonly rho: number;
}

/** Directions of the limited-memory BFGS method (Nocedal and Wright 2006, algorithm 7.4), of one function. */
export class QuasiNewton {
  #pairs: Pair[] = [];

  /** Takes in a step and how it changed the gradient; one that tells nothing of the curvature is left out. */
  learn(step: Float64Array, change: Float64Array): void {
    const product = dot(step, change);
    if (!(product > 1e-12 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
    this.#pairs.push({ step, change, rho: 1 / product });
    if (this.#pairs.length > MEMORY) this.#pairs.shift();
  }

  /** Where to go from a gradient: minus its product with an estimate of the inverse of the Hessian. */
  direction(gradient: Float64Array): Float64Array {
    const q = gradient.slice();
    const shares = new Map<Pair, number>();
    for (const pair of this.#pairs.toReversed()) {
      const share = pair.rho * dot(pair.step, q);
      shares.set(pair, share);
      addTo(q, pair.change, -share);
    }
    const last = this.#pairs.at(-1);
    if (last) scale(q, 1 / (last.rho * dot(last.change, last.change)));
    for (const pair of this.#pairs) addTo(q, pair.step, shares.get(pair)! - pair.rho * dot(pair.change, q));
    scale(q, -1);
    return q;
  }
}

/** The sum of products. */
export function dot(a: Float64Array, b: Float64Array): number {
  // Four sums, as one alone would wait for itself
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  let i = 0;
  for (; i + 4 <= a.length; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

/** `to += share * x`. */
export function addTo(to: Float64Array, x: Float64Array, share: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += share * x[i]!;
}

function scale(x: Float64Array, by: number): void {
  for (let i = 0; i < x.length; i++) x[i]! *= by;
}

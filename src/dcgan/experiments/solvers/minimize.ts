import { addTo, dot, QuasiNewton } from "./quasi_newton.ts";

/** A smooth convex function at a point. */
export interface Evaluated {
  /** Its value. */
  readonly value: number;
  /** Its gradient. */
  readonly gradient: Float64Array;
}

/** Steps at most. */
const MOST_STEPS = 500;

/** Length of the gradient at the end, as a share of that at the start. */
const FLAT = 1e-6;

/** Share of the promised decrease that a step must bring (Nocedal and Wright 2006, section 3.1). */
const DECREASE = 1e-4;

/** Halvings of a step at most: what is left then is below what numbers can tell. */
const MOST_HALVINGS = 40;

/**
 * Where a smooth convex function is least, from zeros on, by L-BFGS with steps that are halved until they go
 * down.
 */
export function minimize(dimensions: number, evaluate: (point: Float64Array) => Evaluated): Float64Array {
  let point = new Float64Array(dimensions);
  let here = evaluate(point);
  const memory = new QuasiNewton();
  const enough = FLAT ** 2 * dot(here.gradient, here.gradient);
  for (let step = 0; step < MOST_STEPS && dot(here.gradient, here.gradient) > enough; step++) {
    const direction = memory.direction(here.gradient);
    const slope = dot(here.gradient, direction);
    // The first direction is the gradient itself, of whatever length
    let t = step === 0 ? 1 / Math.sqrt(-slope) : 1;
    let next: Float64Array<ArrayBuffer>;
    let there: Evaluated;
    for (let halvings = 0;; halvings++) {
      next = point.slice();
      addTo(next, direction, t);
      there = evaluate(next);
      if (there.value <= here.value + DECREASE * t * slope) break;
      if (halvings === MOST_HALVINGS) return point;
      t /= 2;
    }
    const change = there.gradient.slice();
    addTo(change, here.gradient, -1);
    memory.learn(direction.map((value) => t * value), change);
    [point, here] = [next, there];
  }
  return point;
}

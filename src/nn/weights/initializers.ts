/** How a parameter is initialized. */
export type Initializer =
  | { readonly type: "constant"; readonly value: number }
  | { readonly type: "normal"; readonly mean: number; readonly deviation: number }
  | { readonly type: "uniform"; readonly bound: number }
  | { readonly type: "direction" };

/** Every element is `value`. */
export function constant(value: number): Initializer {
  return { type: "constant", value };
}

/** Normally distributed. The DCGAN paper starts weights at N(0, 0.02), its code batch-norm gains at N(1, 0.02). */
export function normal(mean: number, deviation: number): Initializer {
  return { type: "normal", mean, deviation };
}

/** Uniform between `-bound` and `bound`. */
export function uniform(bound: number): Initializer {
  return { type: "uniform", bound };
}

/** What PyTorch starts weights and biases of linear and convolutional layers as: uniform within `1 / sqrt(fanIn)`. */
export function fanInUniform(fanIn: number): Initializer {
  return uniform(1 / Math.sqrt(fanIn));
}

/** A vector of length 1 in a random direction. */
export function direction(): Initializer {
  return { type: "direction" };
}

/** `relu()` on the host. */
export function reluReference(x: Float64Array): Float64Array {
  return x.map((value) => Math.max(value, 0));
}

/** `leakyRelu()` on the host. */
export function leakyReluReference(x: Float64Array, negativeSlope = 0.01): Float64Array {
  return x.map((value) => (value > 0 ? value : negativeSlope * value));
}

/** `tanh()` on the host. */
export function tanhReference(x: Float64Array): Float64Array {
  return x.map(Math.tanh);
}

/** `sigmoid()` on the host. */
export function sigmoidReference(x: Float64Array): Float64Array {
  return x.map((value) => 1 / (1 + Math.exp(-value)));
}

/** `softplus()` on the host. */
export function softplusReference(x: Float64Array): Float64Array {
  return x.map((value) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))));
}

/** `softmax()` over rows of a length on the host. */
export function softmaxReference(x: Float64Array, classes: number): Float64Array {
  return x.map((value, i) => {
    const row = x.subarray(i - i % classes, i - i % classes + classes);
    return 1 / row.reduce((total, other) => total + Math.exp(other - value), 0);
  });
}

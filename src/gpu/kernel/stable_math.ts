/**
 * WGSL functions for arguments at which the built-in ones may overflow or lose digits. Bounds are set with `select`,
 * since `min`, `max` and `clamp` may swallow NaN.
 *
 * `exp_falling(a)`: exp(-a) for a >= 0. Past 104 the result is 0 in 32 bits, and a driver may do anything.
 *
 * `log_one_plus(e)`: log(1 + e) for e in [-0.5, 1], to full relative accuracy, as 2 atanh(e / (2 + e)).
 *
 * `sigmoid_of(x)`, `softplus_of(x)`: 1 / (1 + exp(-x)) and log(1 + exp(x)), for any x.
 */
export const STABLE_MATH = `fn exp_falling(a: vec4f) -> vec4f {
  return exp(-select(a, vec4f(104.0), a > vec4f(104.0)));
}
fn log_one_plus(e: vec4f) -> vec4f {
  let s = e / (2.0 + e);
  let t = s * s;
  return 2.0 * s *
    (1.0 + t * (1.0 / 3.0 + t * (1.0 / 5.0 + t * (1.0 / 7.0 + t * (1.0 / 9.0 + t * (1.0 / 11.0 + t / 13.0))))));
}
fn sigmoid_of(x: vec4f) -> vec4f {
  let e = exp_falling(abs(x));
  return select(vec4f(1.0), e, x < vec4f()) / (1.0 + e);
}
fn softplus_of(x: vec4f) -> vec4f {
  return select(x, vec4f(), x < vec4f()) + log_one_plus(exp_falling(abs(x)));
}
`;

/**
 * WGSL `tanh_of(x)`, to full relative accuracy for any argument. Near 0 the Taylor series, whose first term left out is
 * 9e-9 of the result; else from exp(-2|x|), which cannot overflow.
 */
export const TANH_WGSL = `${STABLE_MATH}fn tanh_of(x: vec4f) -> vec4f {
  let t = x * x;
  let near = x * (1.0 + t * (-1.0 / 3.0 + t * (2.0 / 15.0 + t * (-17.0 / 315.0 + t * (62.0 / 2835.0)))));
  let e = exp_falling(2.0 * abs(x));
  let far = (1.0 - e) / (1.0 + e);
  return select(select(far, -far, x < vec4f()), near, abs(x) < vec4f(0.25));
}
`;

/** The length of power 0, the mean of all steps, is 1 / sqrt(12), slightly more. */
const LONGEST = 0.2886;

/** Halvings after which an interval of doubles cannot shrink any more. */
const HALVINGS = 100;

/** Which power function: its length, and the step that it ends at. */
export interface PowerFunction {
  /** Its standard deviation as a share of all steps, such as 0.1: above 0, and up to 0.2886. */
  readonly length: number;
  /** Updates of the average, at least 1. */
  readonly step: number;
}

/**
 * The power gamma of a power-function average of a relative length: the root of
 * `length = sqrt(gamma + 1) / ((gamma + 2) * sqrt(gamma + 3))` (Karras et al. 2024, equation 126).
 *
 * @throws {RangeError} if the length is not above 0 and up to 0.2886.
 */
export function powerOfLength(length: number): number {
  if (!(length > 0 && length <= LONGEST)) {
    throw new RangeError(
      `The length of a power-function average must be above 0 and up to 0.2886, found ${length}`,
    );
  }
  let [low, high] = [0, 1 / length];
  for (let i = 0; i < HALVINGS; i++) {
    const power = (low + high) / 2;
    if (Math.sqrt(power + 1) / ((power + 2) * Math.sqrt(power + 3)) > length) low = power;
    else high = power;
  }
  return (low + high) / 2;
}

/**
 * The inner product of two power functions, `p(x) = (gamma + 1) * x^gamma / step^(gamma + 1)` from 0 to their step: the
 * integral of their product (Karras et al. 2024, equation 133). By logarithms, as the powers themselves overflow.
 */
export function innerProduct(one: PowerFunction, other: PowerFunction): number {
  const [a, b] = [powerOfLength(one.length), powerOfLength(other.length)];
  const both = a + b + 1;
  return (a + 1) * (b + 1) / both * Math.exp(
    both * Math.log(Math.min(one.step, other.step)) - (a + 1) * Math.log(one.step) -
      (b + 1) * Math.log(other.step),
  );
}

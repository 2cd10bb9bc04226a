import { type Interpolation, lengthOf } from "./between.ts";

/**
 * A latent vector on a smooth closed way through some: a cubic spline without corners. At whole numbers it is
 * at the vectors themselves; after the last it goes on to the first.
 *
 * A spherical one has the directions of a Catmull-Rom spline (1974), and goes evenly from the length of one
 * vector to that of the next. A linear one never leaves the space between two vectors that follow each other
 * (Fritsch and Butland 1984), so that uniform vectors stay in their cube.
 *
 * @param stops Two vectors or more.
 * @param at From 0 to as many as there are.
 */
export function onLoop(
  stops: readonly Float32Array[],
  at: number,
  interpolation: Interpolation,
): Float32Array<ArrayBuffer> {
  const count = stops.length;
  const whole = Math.floor(at);
  const t = at - whole;
  const [before, from, to, after] = [-1, 0, 1, 2].map((step) => stops[(whole + step + count) % count]!);
  if (t === 0) return Float32Array.from(from!);
  const slope = interpolation === "linear" ? boundedSlope : meanSlope;
  // Hermite's basis at t
  const ease = t * t * (3 - 2 * t);
  const [leave, arrive] = [t * (1 - t) ** 2, -t * t * (1 - t)];
  const point = Float64Array.from(from!, (value, i) => {
    const next = to![i]!;
    const [start, end] = [slope(value - before![i]!, next - value), slope(next - value, after![i]! - next)];
    return (1 - ease) * value + ease * next + leave * start + arrive * end;
  });
  if (interpolation === "linear") return Float32Array.from(point);
  const wanted = (1 - ease) * lengthOf(from!) + ease * lengthOf(to!);
  const length = lengthOf(point);
  // In the middle between opposite vectors there is no direction to keep
  return Float32Array.from(point, (value) => length < 1e-6 ? value : value * wanted / length);
}

/** Catmull and Rom's slope between two differences. */
function meanSlope(before: number, after: number): number {
  return (before + after) / 2;
}

/** The harmonic mean of two differences, which lets nothing overshoot; 0 where the way turns back. */
function boundedSlope(before: number, after: number): number {
  return before * after > 0 ? 2 * before * after / (before + after) : 0;
}

import type { TensorData } from "../../src/files/safetensors.ts";

/** How close a result must come to the golden tensor. */
export type Tolerance =
  /** Every element: `|got - want| <= atol + rtol * |want|`. With several `atol`, one for each row of the first axis. */
  | { readonly kind: "elements"; readonly rtol: number; readonly atol: number | readonly number[] }
  /** All together: `|got - want| <= relL2 * |want|` in the Euclidean norm, or of the update, `|want - start|`. */
  | { readonly kind: "norm"; readonly relL2: number; readonly ofUpdate: boolean };

/**
 * What is wrong with a result, in a line, or undefined where it is close enough. Whole numbers must be equal.
 *
 * @param start What the tensor was before the updates; zeros where not given.
 */
export function compare(
  got: TensorData | undefined,
  want: TensorData,
  tolerance: Tolerance,
  start?: TensorData,
): string | undefined {
  if (!got) return "was not computed";
  if (got.shape.join() !== want.shape.join()) {
    return `has shape [${got.shape.join(", ")}], want [${want.shape.join(", ")}]`;
  }
  if (got.data.length !== want.data.length) {
    return `has ${got.data.length} elements, want ${want.data.length}`;
  }
  if (got.dtype !== want.dtype) return `is ${got.dtype}, want ${want.dtype}`;
  if (want.dtype !== "F32" || got.dtype !== "F32") return compareExactly(got, want);
  return tolerance.kind === "elements"
    ? compareElements(got.data, want.data, want.shape, tolerance)
    : compareNorm(got.data, want.data, want.shape, tolerance, start);
}

function compareExactly(got: TensorData, want: TensorData): string | undefined {
  const at = Array.from(want.data, Number).findIndex((_, i) => got.data[i] !== want.data[i]);
  if (at < 0) return undefined;
  return `differs at ${place(at, want.shape)}: got ${got.data[at]}, want ${want.data[at]}`;
}

function compareElements(
  got: Float32Array,
  want: Float32Array,
  shape: readonly number[],
  { rtol, atol }: Tolerance & { kind: "elements" },
): string | undefined {
  const rows = typeof atol === "number" ? [atol] : atol;
  const rowLength = Math.max(1, want.length / (shape[0] ?? 1));
  const allowed = (i: number) =>
    rows[Math.min(Math.floor(i / rowLength), rows.length - 1)]! + rtol * Math.abs(want[i]!);
  const worst = findWorst(got, want, allowed);
  if (!worst) return undefined;
  const { at, count } = worst;
  return `worst at ${place(at, shape)}: got ${got[at]}, want ${want[at]}, allowed ${short(allowed(at))}; ` +
    `${count} of ${want.length} elements are off`;
}

function compareNorm(
  got: Float32Array,
  want: Float32Array,
  shape: readonly number[],
  { relL2, ofUpdate }: Tolerance & { kind: "norm" },
  start: TensorData | undefined,
): string | undefined {
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < want.length; i++) {
    difference += (got[i]! - want[i]!) ** 2;
    scale += (want[i]! - (ofUpdate ? Number(start?.data[i] ?? 0) : 0)) ** 2;
  }
  const allowed = relL2 * Math.sqrt(scale);
  if (Math.sqrt(difference) <= allowed) return undefined;
  const { at } = findWorst(got, want, () => 0) ?? { at: 0 };
  return `relative error ${short(Math.sqrt(difference / scale))}${ofUpdate ? " of the update" : ""}, ` +
    `allowed ${relL2}; worst at ${place(at, shape)}: got ${got[at]}, want ${want[at]}`;
}

/** The element furthest beyond what is allowed, and how many are beyond it. */
function findWorst(
  got: Float32Array,
  want: Float32Array,
  allowed: (i: number) => number,
): { at: number; count: number } | undefined {
  let worst: { at: number; excess: number } | undefined;
  let count = 0;
  for (let i = 0; i < want.length; i++) {
    const distance = distanceBetween(got[i]!, want[i]!);
    const limit = allowed(i);
    if (distance === 0 || (distance <= limit && distance < Infinity)) continue;
    count++;
    const excess = limit > 0 ? distance / limit : distance;
    if (!worst || excess > worst.excess) worst = { at: i, excess };
  }
  return worst && { at: worst.at, count };
}

/** NaN and infinities are infinitely far from all but themselves. */
function distanceBetween(got: number, want: number): number {
  if (Object.is(got, want) || got === want) return 0;
  const distance = Math.abs(got - want);
  return Number.isNaN(distance) ? Infinity : distance;
}

function place(index: number, shape: readonly number[]): string {
  const places: number[] = [];
  for (const extent of shape.toReversed()) {
    places.unshift(index % extent);
    index = Math.floor(index / extent);
  }
  return `[${places.join(", ")}]`;
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

/** What is looked at: tensors by name, with their values. */
export type NamedValues = ReadonlyMap<string, { readonly data: ArrayLike<number | bigint> }>;

/** A value that no training step can continue from, and no image can be drawn with. */
export interface BadValue {
  /** The tensor that it is in. */
  readonly name: string;
  /** Its place there. */
  readonly index: number;
  /** NaN, an infinity, or the negative variance. */
  readonly value: number;
}

/** Averages of squares, whose roots are taken: a negative one becomes NaN there. */
const VARIANCES = /(^|\.)(running_var|exp_avg_sq|square_avg)$/;

/**
 * The first value that is NaN or infinite; undefined if all are finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { firstNonFinite } from "@x/dcgan";
 *
 * const tensors = new Map([["weight", { data: [0, NaN] }]]);
 * assertEquals(firstNonFinite(tensors)?.name, "weight");
 * ```
 */
export function firstNonFinite(tensors: NamedValues): BadValue | undefined {
  for (const [name, { data }] of tensors) {
    const index = placeOfNonFinite(data);
    if (index >= 0) return { name, index, value: Number(data[index]) };
  }
  return undefined;
}

/** The place of the first value that is not finite; -1 if there is none. */
function placeOfNonFinite(data: ArrayLike<number | bigint>): number {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return -1;
  if (data instanceof Float32Array) return placeOfInfinite(data);
  for (let index = 0; index < data.length; index++) {
    if (!Number.isFinite(Number(data[index]))) return index;
  }
  return -1;
}

/** The same by bits. Checkpoints hold millions of these values, and a loop of its own is many times as fast. */
function placeOfInfinite({ buffer, byteOffset, length }: Float32Array): number {
  const bits = new Uint32Array(buffer, byteOffset, length);
  for (let index = 0; index < length; index++) {
    if ((bits[index]! & INFINITE) === INFINITE) return index;
  }
  return -1;
}

/** The place of the first value below 0; -1 if there is none. */
function placeOfNegative(data: ArrayLike<number | bigint>): number {
  if (data instanceof Float32Array) return placeOfNegativeFloat(data);
  for (let index = 0; index < data.length; index++) {
    if (data[index]! < 0) return index;
  }
  return -1;
}

function placeOfNegativeFloat(data: Float32Array): number {
  for (let index = 0; index < data.length; index++) {
    if (data[index]! < 0) return index;
  }
  return -1;
}

/** The exponent of an infinity, and of NaN. */
const INFINITE = 0x7f800000;

/** The first negative value in a tensor that PyTorch's names say holds variances; undefined if there is none. */
export function firstNegativeVariance(tensors: NamedValues): BadValue | undefined {
  for (const [name, { data }] of tensors) {
    if (!VARIANCES.test(name)) continue;
    const index = placeOfNegative(data);
    if (index >= 0) return { name, index, value: Number(data[index]) };
  }
  return undefined;
}

/**
 * Throws if a tensor holds NaN, an infinity or a negative variance.
 *
 * @param place What holds the tensors, to begin the message with: `"RUN/generator.safetensors"`.
 * @param advice What to do, a sentence without a full stop.
 * @throws {RangeError} naming the tensor.
 */
export function expectFinite(tensors: NamedValues, place: string, advice?: string): void {
  const bad = firstNonFinite(tensors) ?? firstNegativeVariance(tensors);
  if (bad) {
    throw new RangeError(`${place} cannot be used: ${describeBadValue(bad)}${advice ? `. ${advice}` : ""}`);
  }
}

/** What is wrong with a value, as a clause: "'main.0.weight' holds NaN (element 0)". */
export function describeBadValue({ name, index, value }: BadValue): string {
  const what = Number.isFinite(value) ? `a negative variance, ${value}` : `${value}`;
  return `'${name}' holds ${what} (element ${index})`;
}

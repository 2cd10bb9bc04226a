/** What is looked at: tensors by name, with their values. */
export type NamedValues = ReadonlyMap<string, { readonly data: ArrayLike<number | bigint> }>;

/** A value that no training step can go on from, and no picture be drawn with. */
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
 * The first value that is NaN or infinite; undefined where all are finite.
 *
 * @example
 * ```ts
 * import { firstNonFinite } from "@x/dcgan";
 *
 * const tensors = new Map([["weight", { data: [0, NaN] }]]);
 * console.log(firstNonFinite(tensors)?.name); // weight
 * ```
 */
export function firstNonFinite(tensors: NamedValues): BadValue | undefined {
  return firstOf(tensors, (value) => !Number.isFinite(value));
}

/** The first negative value in a tensor that PyTorch's names say holds variances; undefined where there is none. */
export function firstNegativeVariance(tensors: NamedValues): BadValue | undefined {
  const variances = [...tensors].filter(([name]) => VARIANCES.test(name));
  return firstOf(new Map(variances), (value) => value < 0);
}

/**
 * Throws where a tensor holds NaN, an infinity or a negative variance.
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

function firstOf(tensors: NamedValues, isBad: (value: number) => boolean): BadValue | undefined {
  for (const [name, { data }] of tensors) {
    // Integers are finite
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) continue;
    for (let index = 0; index < data.length; index++) {
      const value = Number(data[index]!);
      if (isBad(value)) return { name, index, value };
    }
  }
  return undefined;
}

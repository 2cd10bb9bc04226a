import { lengthOf } from "../../../pictures/mod.ts";
import type { Factor } from "./factors.ts";
import type { FactorReader } from "./factor_reader.ts";
import type { LatentDirection } from "./latent_direction.ts";
import { leastSquares, type Rows } from "./least_squares.ts";
import type { MeasuredSamples } from "./measured_samples.ts";
import { cosine, unitVector } from "./vectors.ts";

/** Cosine of two estimates of a direction from which on it counts as found. */
export const FOUND = 0.8;

/** Correlation of what is read off real pictures with their labels, below which nobody can tell. */
const READABLE = 0.5;

/** Deviation in samples, over that in real pictures, below which samples hardly vary. */
const VARIED = 0.25;

/** Cosine of a direction with that of another label from which on it is said. */
const ENTANGLED = 0.3;

/** A direction along which a factor of the dataset changes. */
export interface FactorDirection extends LatentDirection {
  /** Label of the dataset. */
  readonly label: string;
  /** Class of the label; undefined if it is a number. */
  readonly className: string | undefined;
  /**
   * Cosine of the angle between two estimates of the direction that have nothing in common: neither the real
   * pictures that a network learned the factor from, nor the samples that it read it off.
   */
  readonly agreement: number;
  /**
   * Correlation of the factor, as read off samples, with the place of their latents along the other estimate.
   */
  readonly linear: number;
  /**
   * Correlation of what is read off real pictures with their labels: how well the factor can be read at all.
   */
  readonly readable: number;
  /** Deviation of the factor in samples, over that in real pictures. */
  readonly varied: number;
  /**
   * The factor of another label that changes most along this direction, if its own direction has a cosine
   * with this one of 0.3 or more, to either side: what this direction does besides.
   */
  readonly also: { readonly name: string; readonly cosine: number } | undefined;
  /** Whether the estimates agree: their cosine is 0.8 or more. */
  readonly found: boolean;
  /** Why it was not found, in words; undefined if it was. */
  readonly reason: string | undefined;
}

/** What two readers, each trained on other pictures, read off real pictures and off samples. */
export interface FactorReadings {
  /** What each reads off real pictures that it has not seen, and their labels, `[count, factors]`. */
  readonly real: readonly { readonly read: Rows; readonly labels: Rows }[];
  /** What each reads off its half of the samples, and their latent vectors. */
  readonly samples: readonly { readonly read: Rows; readonly latents: Rows }[];
}

/** Has each of two readers read the half of the samples that the other does not. */
export async function readSamples(
  readers: readonly [FactorReader, FactorReader],
  { latents, pictures }: MeasuredSamples,
): Promise<FactorReadings["samples"]> {
  const { count, dimensions } = latents;
  const middle = Math.floor(count / 2);
  const each = lengthOf(pictures);
  const readings: { read: Rows; latents: Rows }[] = [];
  for (const [half, [from, to]] of [[0, middle], [middle, count]].entries()) {
    readings.push({
      read: await readers[half]!.read(pictures.bytes.subarray(from! * each, to! * each)),
      latents: {
        data: latents.data.subarray(from! * dimensions, to! * dimensions),
        count: to! - from!,
        dimensions,
      },
    });
  }
  return readings;
}

/**
 * The direction of each factor: least squares of what a network reads off samples on their latents. The
 * gradient of the factor in the mean over all latents is the same direction (Stein's lemma), so no pictures
 * need be changed one by one.
 *
 * It is estimated twice, from halves that share nothing, and counts as found if both agree.
 *
 * @returns One for each factor, in their order. Its direction is the mean of both estimates.
 */
export function factorDirections(factors: readonly Factor[], readings: FactorReadings): FactorDirection[] {
  const weights = readings.samples.map(({ read, latents }) => leastSquares(latents, read));
  const { dimensions } = readings.samples[0]!.latents;
  const found = factors.map(({ name, label, className }, at): Omit<FactorDirection, "also"> => {
    const [first, second] = weights.map((all) => all.subarray(at * dimensions, (at + 1) * dimensions));
    const agreement = cosine(first!, second!);
    const along = readings.samples.map(({ read, latents }, half) =>
      correlation(projections(latents, half === 0 ? second! : first!), columnOf(read, at))
    );
    const real = readings.real.map(({ read, labels }) =>
      correlation(columnOf(read, at), columnOf(labels, at))
    );
    const readable = mean(real);
    const varied = mean(readings.samples.map(({ read }) => deviation(columnOf(read, at)))) /
      (mean(readings.real.map(({ read }) => deviation(columnOf(read, at)))) || Infinity);
    const found = agreement >= FOUND && readable >= READABLE && varied >= VARIED;
    return {
      name,
      label,
      className,
      vector: unitVector(first!.map((value, i) => value + second![i]!)),
      source: `factor ${name}`,
      agreement,
      linear: mean(along),
      readable,
      varied,
      found,
      reason: found ? undefined : reasonOf(readable, varied),
    };
  });
  return found.map((one) => ({ ...one, also: besides(one, found) }));
}

/** What changes most besides. */
function besides(
  { label, vector }: Pick<FactorDirection, "label" | "vector">,
  all: readonly Omit<FactorDirection, "also">[],
): FactorDirection["also"] {
  const others = all.filter((other) => other.label !== label && other.found)
    .map((other) => ({ name: other.name, cosine: cosine(vector, other.vector) }))
    .sort((a, b) => Math.abs(b.cosine) - Math.abs(a.cosine));
  return others[0] && Math.abs(others[0].cosine) >= ENTANGLED ? others[0] : undefined;
}

function reasonOf(readable: number, varied: number): string {
  if (readable < READABLE) return "it can hardly be read off real images of this size";
  if (varied < VARIED) return "samples hardly vary in it";
  return "the latent space does not hold it along one line";
}

/** Length of each latent vector along a direction. */
function projections({ data, count, dimensions }: Rows, direction: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < dimensions; i++) sum += data[row * dimensions + i]! * direction[i]!;
    return sum;
  });
}

function columnOf({ data, count, dimensions }: Rows, column: number): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => data[row * dimensions + column]!);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function deviation(values: Float64Array): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function correlation(a: Float64Array, b: Float64Array): number {
  const [middleA, middleB] = [mean(a), mean(b)];
  return cosine(a.map((value) => value - middleA), b.map((value) => value - middleB));
}

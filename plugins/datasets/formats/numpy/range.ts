import { DatasetError } from "../../contract.ts";
import { quote } from "../../messages.ts";
import type { ElementType } from "./elements.ts";

/** The values that stand for black and for white. */
export interface LevelRange {
  /** Black. */
  readonly low: number;
  /** White. */
  readonly high: number;
}

/** The values that an array holds. */
export interface FoundRange {
  /** The least. */
  readonly least: number;
  /** The greatest. */
  readonly greatest: number;
}

/** What rounding may add to a range. */
const ROUNDING = 0.01;

/** A share of the levels below which pictures look black. */
const DARK = 1 / 8;

/** Ranges that levels are kept in, the narrowest first. */
const usual: readonly LevelRange[] = [
  { low: 0, high: 1 },
  { low: -1, high: 1 },
  { low: 0, high: 255 },
  { low: 0, high: 65535 },
];

/**
 * Reads what the option `range` says: `auto`, or the values of black and white, `0..1`.
 *
 * @returns Nothing for `auto`.
 * @throws {DatasetError} if it is neither.
 */
export function parseRange(text: string): LevelRange | undefined {
  if (text === "auto") return undefined;
  const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
  const match = new RegExp(`^(${number})\\.\\.(${number})$`, "i").exec(text.trim());
  const [low, high] = match ? [Number(match[1]), Number(match[2])] : [NaN, NaN];
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return { low, high };
  throw new DatasetError(
    `Option "range" of dataset "npy" must be auto, or the values of black and white such as 0..1, ` +
      `found ${quote(text)}`,
  );
}

/**
 * The values of black and white, by what an array holds: the narrowest of 0..1, -1..1, 0..255 and 0..65535
 * that fits, if that leaves the pictures with more than the darkest levels.
 *
 * @throws {DatasetError} if none does.
 */
export function findRange({ least, greatest }: FoundRange, type: ElementType, path: string): LevelRange {
  if (type.kind === "bits") return usual[0]!;
  const fits = usual.find(({ low, high }) => {
    const rounding = type.kind === "float" ? ROUNDING * (high - low) : 0;
    return least >= low - rounding && greatest <= high + rounding;
  });
  // Bytes always mean 0 to 255, however dark, unless they are bits
  if (fits !== undefined && (fits.high === 1 || type.size === 1 || greatest > fits.high * DARK)) return fits;
  const low = Math.min(0, least);
  throw new DatasetError(
    `${path} must hold values from 0 to 1, -1 to 1, 0 to 255 or 0 to 65535, ` +
      `found ${type.name} from ${figure(least)} to ${figure(greatest)}; say which are black and white, ` +
      `such as --data-range=${figure(low)}..${figure(greatest)}`,
  );
}

/** Whether pictures use so few of the levels that they look black. */
export function isDark({ greatest }: FoundRange, { low, high }: LevelRange): boolean {
  return greatest - low < (high - low) * DARK;
}

/** A value as people write it. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/**
 * Levels from 0 to 255 of values; what lies outside of the range becomes black or white.
 *
 * @param order Which value each of the levels is of; one after the other without it.
 */
export function toLevels(
  values: ArrayLike<number>,
  { low, high }: LevelRange,
  into: Uint8ClampedArray<ArrayBuffer>,
  order?: ArrayLike<number>,
): void {
  const scale = 255 / (high - low);
  if (order === undefined) { for (let i = 0; i < into.length; i++) into[i] = (values[i]! - low) * scale; }
  else for (let i = 0; i < into.length; i++) into[i] = (values[order[i]!]! - low) * scale;
}

import type { RegisterSchedule, Schedule, TiledSchedule } from "../kernels/schedule.ts";
import type { TileSide } from "../winograd/matrices.ts";

/** A convolution of 4x4 taps at every second pixel, computed with fewer products; see the folder `winograd`. */
export interface WinogradSchedule {
  readonly shape: "winograd";
  /** Outputs of a tile along each axis. */
  readonly side: TileSide;
}

/** One of the ways to compute a sum of products. */
export interface Variant {
  /** How the threads of its kernel divide it, or that it is made of other sums. */
  readonly schedule: Schedule | WinogradSchedule;
  /** Parts that the depth is cut into, which are added up in order. */
  readonly splits: number;
}

/** A variant of a single kernel. */
export interface KernelVariant extends Variant {
  readonly schedule: Schedule;
}

/** All of one kind. */
export const WINOGRAD_VARIANTS: readonly Variant[] = ([2, 4] as const).map((side) => ({
  schedule: { shape: "winograd", side },
  splits: 1,
}));

const REGISTER_NUMBERS = ["rows", "vectors", "lanes", "groups"] as const;
const TILED_NUMBERS = ["rows", "columns", "depth", "rowQuads", "columnQuads"] as const;
const SHARED = "shared";
const SINGLY = "singly";
const SINGLE_BUFFER = "single-buffered";

/** A variant as text, as files keep it: `wide rows 64 vectors 2 lanes 8 groups 1 shared splits 1`. */
export function formatVariant({ schedule, splits }: Variant): string {
  if (schedule.shape === "winograd") return `winograd side ${schedule.side} splits ${splits}`;
  const numbers = schedule.shape === "tiled"
    ? TILED_NUMBERS.map((name) => `${name} ${schedule[name]}`)
    : REGISTER_NUMBERS.map((name) => `${name} ${schedule[name]}`);
  const words = schedule.shape === "tiled"
    ? schedule.singleBuffer ? [SINGLE_BUFFER] : []
    : [...(schedule.share ? [SHARED] : []), ...(schedule.singly ? [SINGLY] : [])];
  return [schedule.shape, ...numbers, ...words, `splits ${splits}`].join(" ");
}

/** Reads what {@linkcode formatVariant} wrote; undefined if the text is no variant. */
export function parseVariant(text: string): Variant | undefined {
  const [shape, ...words] = text.split(" ");
  if (shape === "winograd") return WINOGRAD_VARIANTS.find((variant) => formatVariant(variant) === text);
  const share = words.includes(SHARED);
  const singly = words.includes(SINGLY) ? { singly: true } : {};
  const singleBuffer = words.includes(SINGLE_BUFFER) ? { singleBuffer: true } : {};
  const flags = [SHARED, SINGLY, SINGLE_BUFFER];
  const pairs = words.filter((word) => !flags.includes(word));
  const numbers = new Map<string, number>();
  for (let i = 0; i < pairs.length; i += 2) numbers.set(pairs[i]!, Number(pairs[i + 1]));
  const splits = numbers.get("splits") ?? 0;
  const names = shape === "tiled" ? TILED_NUMBERS : REGISTER_NUMBERS;
  const schedule = { shape, ...Object.fromEntries(names.map((name) => [name, numbers.get(name)])) };
  const variant = {
    schedule: (shape === "tiled" ? { ...schedule, ...singleBuffer } : { ...schedule, share, ...singly }) as
      | RegisterSchedule
      | TiledSchedule,
    splits,
  };
  const known = shape === "tiled" || shape === "wide" || shape === "thin";
  const whole = [...names.map((name) => numbers.get(name)), splits].every((n) =>
    Number.isInteger(n) && n! > 0
  );
  return known && whole && formatVariant(variant) === text ? variant : undefined;
}

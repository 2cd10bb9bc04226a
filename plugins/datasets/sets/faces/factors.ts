import { hash } from "../../hash.ts";
import { backgrounds, eyeColors, hairColors, shirts, skins } from "./palette.ts";

/** Ways to wear hair. */
export const hairStyles = ["bald", "short", "parted", "curly", "spiky", "bun", "bob", "long"] as const;

/** Kinds of glasses. */
export const glassesKinds = ["none", "round", "square"] as const;

/** Everything that a face is drawn from. Classes are places in their lists, the rest are numbers. */
export interface Factors {
  /** Place in `skins`. */
  readonly skin: number;
  /** Place in `hairColors`. */
  readonly hairColor: number;
  /** Place in {@linkcode hairStyles}. */
  readonly hairStyle: number;
  /** Place in {@linkcode glassesKinds}. */
  readonly glasses: number;
  /** From 0, a slight frown, to 1, a laugh. */
  readonly smile: number;
  /** From -1, turned to the left of the picture, to 1, to the right. */
  readonly turn: number;
  /** Place in `backgrounds`. */
  readonly background: number;
  /** Place in `shirts`. */
  readonly shirt: number;
  /** Place in `eyeColors`. */
  readonly eyeColor: number;
  /** From 0, narrow, to 1, round. */
  readonly roundness: number;
  /** From 0, small, to 1, large. */
  readonly eyeSize: number;
  /** From 0, close together, to 1, far apart. */
  readonly eyeSpacing: number;
  /** From -1, worried, to 1, stern. */
  readonly brow: number;
  /** From 0, high, to 1, low. */
  readonly hairline: number;
  /** From -1 to 1: where in the picture the head is, across. */
  readonly shiftX: number;
  /** From -1 to 1: where in the picture the head is, down. */
  readonly shiftY: number;
}

/** The factors of a face: a pure function of the seed and the index. */
export function drawFactors(seed: number, index: number): Factors {
  let stream = 0;
  const uniform = () => hash(seed, index, stream++) / 2 ** 32;
  const between = (low: number, high: number) => low + (high - low) * uniform();
  const pick = (list: readonly unknown[]) => Math.floor(uniform() * list.length);
  // The order of these is the order of the streams: new ones go to the end, or all faces change
  return {
    skin: pick(skins),
    hairColor: pick(hairColors),
    hairStyle: pick(hairStyles),
    glasses: [0, 0, 0, 1, 2][Math.floor(uniform() * 5)]!,
    smile: uniform(),
    turn: between(-1, 1),
    background: pick(backgrounds),
    shirt: pick(shirts),
    eyeColor: pick(eyeColors),
    roundness: uniform(),
    eyeSize: uniform(),
    eyeSpacing: uniform(),
    brow: between(-1, 1),
    hairline: uniform(),
    shiftX: between(-1, 1),
    shiftY: between(-1, 1),
  };
}

/** Red, green and blue from 0 to 255, in sRGB. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A colour with a name. */
export interface Named {
  /** Name, which is a class of a label. */
  readonly name: string;
  /** The colour. */
  readonly colour: Colour;
}

/** Colours of skin, from light to dark. */
export const skins: readonly Named[] = [
  { name: "porcelain", colour: [252, 226, 208] },
  { name: "peach", colour: [246, 205, 175] },
  { name: "honey", colour: [228, 178, 136] },
  { name: "caramel", colour: [198, 142, 101] },
  { name: "chestnut", colour: [152, 101, 70] },
  { name: "espresso", colour: [108, 70, 51] },
];

/** Colours of hair. */
export const hairColours: readonly Named[] = [
  { name: "black", colour: [46, 40, 48] },
  { name: "brown", colour: [98, 64, 46] },
  { name: "auburn", colour: [150, 74, 44] },
  { name: "ginger", colour: [219, 124, 58] },
  { name: "blond", colour: [237, 197, 110] },
  { name: "silver", colour: [196, 199, 208] },
  { name: "pink", colour: [226, 122, 152] },
  { name: "teal", colour: [70, 148, 154] },
];

/** Colours of the background. */
export const backgrounds: readonly Named[] = [
  { name: "cream", colour: [250, 236, 208] },
  { name: "rose", colour: [246, 208, 212] },
  { name: "lilac", colour: [217, 206, 240] },
  { name: "sky", colour: [190, 220, 244] },
  { name: "mint", colour: [196, 234, 212] },
  { name: "lemon", colour: [248, 236, 160] },
  { name: "apricot", colour: [252, 206, 164] },
  { name: "slate", colour: [150, 168, 190] },
];

/** Colours of the shirt. */
export const shirts: readonly Colour[] = [
  [74, 110, 168],
  [214, 92, 86],
  [88, 154, 118],
  [238, 178, 76],
  [126, 96, 160],
  [240, 240, 236],
  [66, 76, 96],
];

/** Colours of the iris. */
export const eyeColours: readonly Colour[] = [[84, 54, 38], [62, 110, 158], [82, 130, 84], [120, 84, 42]];

/** A colour on the way from one to another: `a` for 0, `b` for 1. */
export function blend(a: Colour, b: Colour, t: number): Colour {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

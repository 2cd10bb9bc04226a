/** Red, green and blue from 0 to 255, in sRGB. */
export type Color = readonly [red: number, green: number, blue: number];

/** A color with a name. */
export interface Named {
  /** Name, which is a class of a label. */
  readonly name: string;
  /** The color. */
  readonly color: Color;
}

/** Colors of skin, from light to dark. */
export const skins: readonly Named[] = [
  { name: "porcelain", color: [252, 226, 208] },
  { name: "peach", color: [246, 205, 175] },
  { name: "honey", color: [228, 178, 136] },
  { name: "caramel", color: [198, 142, 101] },
  { name: "chestnut", color: [152, 101, 70] },
  { name: "espresso", color: [108, 70, 51] },
];

/** Colors of hair. */
export const hairColors: readonly Named[] = [
  { name: "black", color: [46, 40, 48] },
  { name: "brown", color: [98, 64, 46] },
  { name: "auburn", color: [150, 74, 44] },
  { name: "ginger", color: [219, 124, 58] },
  { name: "blond", color: [237, 197, 110] },
  { name: "silver", color: [196, 199, 208] },
  { name: "pink", color: [226, 122, 152] },
  { name: "teal", color: [70, 148, 154] },
];

/** Colors of the background. */
export const backgrounds: readonly Named[] = [
  { name: "cream", color: [250, 236, 208] },
  { name: "rose", color: [246, 208, 212] },
  { name: "lilac", color: [217, 206, 240] },
  { name: "sky", color: [190, 220, 244] },
  { name: "mint", color: [196, 234, 212] },
  { name: "lemon", color: [248, 236, 160] },
  { name: "apricot", color: [252, 206, 164] },
  { name: "slate", color: [150, 168, 190] },
];

/** Colors of the shirt. */
export const shirts: readonly Color[] = [
  [74, 110, 168],
  [214, 92, 86],
  [88, 154, 118],
  [238, 178, 76],
  [126, 96, 160],
  [240, 240, 236],
  [66, 76, 96],
];

/** Colors of the iris. */
export const eyeColors: readonly Color[] = [[84, 54, 38], [62, 110, 158], [82, 130, 84], [120, 84, 42]];

/** A color on the way from one to another: `a` for 0, `b` for 1. */
export function blend(a: Color, b: Color, t: number): Color {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

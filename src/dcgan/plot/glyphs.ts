import type { Path, Point } from "./stroke.ts";

/** A letter as lines. Units are fourteenths of a capital's height. */
export interface Glyph {
  /** Width without the space beside it. */
  readonly width: number;
  /** Lines; y is 0 at the top of capitals, 4 at the top of small letters, 14 on the baseline, 18 below it. */
  readonly paths: readonly Path[];
}

/**
 * The typeface: printable ASCII, drawn with a pen. First the width, then strokes; every number is one digit in base 36,
 * and points are two digits, x and y. A plain stroke joins its points; `~` starts a curve that begins and ends at its
 * outer points and bends towards the ones between (a quadratic B-spline); `@` a closed curve.
 */
const STROKES: Readonly<Record<string, string>> = {
  " ": "3",
  "!": "0 0009 0d0e",
  '"': "3 0003 3033",
  "#": "9 302e 807e 0595 0a9a",
  $: "9 ~93800007979e1e0b 4h5h 404g",
  "%": "b @00505606 b00e @58b8be5e",
  "&": "a ~ae24207074080e7e98",
  "'": "0 0003",
  "(": "3 ~30040c3g",
  ")": "3 ~00343c0g",
  "*": "8 424a 0488 8408",
  "+": "8 0989 454d",
  ",": "1 1d0g",
  "-": "5 0959",
  ".": "0 0d0e",
  "/": "6 0g60",
  "0": "8 @00808e0e",
  "1": "8 13505e",
  "2": "8 ~040080860e 0e8e",
  "3": "8 ~0210808737 ~37878e1e0c",
  "4": "8 6e600a8a",
  "5": "8 701007 ~0725858e1e0c",
  "6": "8 ~8270000a @05858e0e",
  "7": "8 00803e",
  "8": "8 @10707717 @07878e0e",
  "9": "8 @00808909 ~848e1e0c",
  ":": "0 0506 0d0e",
  ";": "1 1516 1d0g",
  "<": "8 85098d",
  "=": "8 0787 0b8b",
  ">": "8 05890d",
  "?": "8 ~030080854549 4d4e",
  "@": "e @45a5ab4b ~a5adede0000gcg",
  A: "a 0e50ae 2989",
  B: "9 40000e4e 0747 ~40808747 ~47979e4e",
  C: "a ~a390000e9eab",
  D: "a 30000e3e ~30a0ae3e",
  E: "8 80000e8e 0777",
  F: "8 80000e 0777",
  G: "a ~a390000eaea8 a868",
  H: "9 000e 909e 0797",
  I: "0 000e",
  J: "7 7079 ~797e0e0b",
  K: "9 000e 9008 369e",
  L: "8 000e8e",
  M: "c 0e0069c0ce",
  N: "9 0e009e90",
  O: "b @00b0be0e",
  P: "9 0e0050 ~50909858 5808",
  Q: "b @00b0be0e 7abf",
  R: "9 0e0050 ~50909858 5808 589e",
  S: "9 ~93800007979e1e0b",
  T: "a 00a0 505e",
  U: "9 0009 ~090e9e99 9990",
  V: "a 005ea0",
  W: "e 004e72aee0",
  X: "9 009e 900e",
  Y: "a 0057a0 575e",
  Z: "9 00900e9e",
  "[": "3 30000g3g",
  "\\": "6 006g",
  "]": "3 00303g0g",
  "^": "8 054085",
  _: "8 0g8g",
  "`": "2 0022",
  a: "8 @04848e0e 848e",
  b: "8 000e @04848e0e",
  c: "7 ~7664040e6e7c",
  d: "8 808e @04848e0e",
  e: "8 0989 ~8984040e7e8c",
  f: "6 ~602025 252e 0454",
  g: "8 @04848e0e 848d ~8d8i1i0g",
  h: "8 000e ~0804848a 8a8e",
  i: "0 040e 0001",
  j: "2 242f ~2f2i0i 2021",
  k: "7 000e 740a 377e",
  l: "0 000e",
  m: "e 040e ~0804747a 7a7e ~7874e4ea eaee",
  n: "8 040e ~0804848a 8a8e",
  o: "8 @04848e0e",
  p: "8 040i @04848e0e",
  q: "8 848i @04848e0e",
  r: "5 040e ~090454",
  s: "7 ~76640409797e1e0c",
  t: "5 202b ~2b2e5e 0454",
  u: "8 040a ~0a0e8e8a 848e",
  v: "8 044e84",
  w: "c 043e659ec4",
  x: "8 048e 840e",
  y: "8 044e 842i",
  z: "7 04740e7e",
  "{": "4 ~402027 ~2729 09 ~09292g4g",
  "|": "0 000g",
  "}": "4 ~002027 ~272949 ~49292g0g",
  "~": "8 ~0a06488c86",
};

/** Drawn for what is not in the typeface. */
const UNKNOWN = "8 000e8e8000";

/** Straight pieces that one bend of a curve is drawn with. */
const PIECES = 6;

const known = new Map<string, Glyph>();

/** The glyph of a character; a box for one outside printable ASCII. */
export function glyphOf(character: string): Glyph {
  let glyph = known.get(character);
  if (!glyph) {
    const [width, ...strokes] = (STROKES[character] ?? UNKNOWN).split(" ");
    glyph = { width: parseInt(width!, 36), paths: strokes.map(pathOf) };
    known.set(character, glyph);
  }
  return glyph;
}

function pathOf(stroke: string): Path {
  const kind = stroke[0]!;
  const points = pointsOf(kind === "~" || kind === "@" ? stroke.slice(1) : stroke);
  if (kind === "~") return spline(points[0]!, points.slice(1, -1), points.at(-1)!);
  if (kind !== "@") return points;
  const seam = middle(points.at(-1)!, points[0]!);
  return spline(seam, points, seam);
}

function pointsOf(digits: string): Point[] {
  return Array.from({ length: digits.length / 2 }, (_, i) => [
    parseInt(digits[2 * i]!, 36),
    parseInt(digits[2 * i + 1]!, 36),
  ]);
}

/** Bends from point to point, each between the middles of the lines that meet at a control point. */
function spline(start: Point, controls: readonly Point[], end: Point): Path {
  const path = [start];
  let from = start;
  for (const [i, control] of controls.entries()) {
    const to = i === controls.length - 1 ? end : middle(control, controls[i + 1]!);
    for (let piece = 1; piece <= PIECES; piece++) path.push(bend(from, control, to, piece / PIECES));
    from = to;
  }
  return path;
}

function bend(from: Point, control: Point, to: Point, t: number): Point {
  const at = (axis: 0 | 1): number =>
    (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * control[axis] + t ** 2 * to[axis];
  return [at(0), at(1)];
}

function middle(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

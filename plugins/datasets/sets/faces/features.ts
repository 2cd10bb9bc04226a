import type { Box, Canvas } from "./canvas.ts";
import { type Factors, glassesKinds } from "./factors.ts";
import { blend, type Color, eyeColors } from "./palette.ts";
import { above, around, below, both, curve, ellipse, outline, roundBox, taper } from "./shapes.ts";

/** The middle of a head. */
export interface HeadPlace {
  /** Across. */
  readonly x: number;
  /** Down. */
  readonly y: number;
}

/** The face that features are drawn on. */
export interface Face extends HeadPlace {
  /** Color of the skin. */
  readonly skin: Color;
  /** Color of the skin in the shadow. */
  readonly shade: Color;
  /** Color of the hair. */
  readonly hair: Color;
  /** Half the width of the head. */
  readonly rx: number;
  /** Draws the hair that falls over the brows. */
  readonly drawHair: () => void;
}

const INK: Color = [52, 34, 44];

/** Lenses of glasses: half of their width, which is half of the height of round ones, and where they are. */
const LENSES = {
  rx: 0.083,
  /** Half of the height of square ones. */
  squareRy: 0.068,
  /** Half of the width of the frame. */
  frame: 0.0085,
  /** Below the eyes. */
  down: 0.008,
} as const;

/**
 * Draws cheeks, nose, mouth, brows, hair, eyes and glasses. When the head turns, what stands out further
 * moves further: the nose most, then mouth and eyes; and the eye that goes out of sight gets narrower.
 */
export function drawFeatures(canvas: Canvas, factors: Factors, face: Face): void {
  const eyes = eyesOf(factors, face);
  drawCheeks(canvas, factors, face);
  drawNose(canvas, factors, face);
  drawMouth(canvas, factors, face);
  for (const eye of eyes) drawBrow(canvas, factors, face, eye);
  face.drawHair();
  for (const eye of eyes) drawEye(canvas, factors, eye);
  if (factors.glasses > 0) drawGlasses(canvas, factors, face, eyes);
}

interface Eye {
  readonly side: number;
  readonly x: number;
  readonly y: number;
  readonly narrow: number;
}

function eyesOf({ turn, eyeSpacing }: Factors, { x, y }: HeadPlace): Eye[] {
  return [-1, 1].map((side) => ({
    side,
    x: x + 0.06 * turn + side * (0.088 + 0.018 * eyeSpacing) * (1 - 0.12 * side * turn),
    y: y + 0.02,
    narrow: 1 - 0.16 * Math.max(0, side * turn),
  }));
}

/** The box around both lenses with their frame, or of a face without glasses where they would be. */
export function glassesBox(factors: Factors, head: HeadPlace): Box {
  const [left, right] = eyesOf(factors, head) as [Eye, Eye];
  const y = left.y + LENSES.down;
  const ry = (glassesKinds[factors.glasses] === "square" ? LENSES.squareRy : LENSES.rx) + LENSES.frame;
  const rx = (eye: Eye) => LENSES.rx * eye.narrow + LENSES.frame;
  return [left.x - rx(left), y - ry, right.x + rx(right), y + ry];
}

function drawCheeks(canvas: Canvas, { turn, smile }: Factors, { x, y, skin }: Face): void {
  const blush = blend(skin, [236, 70, 84], 0.5);
  for (const side of [-1, 1]) {
    const cx = x + 0.06 * turn + side * 0.135 * (1 - 0.1 * side * turn);
    const cy = y + 0.125 - 0.01 * smile;
    canvas.draw(ellipse(cx, cy, 0.045, 0.03), around(cx, cy, 0.05, 0.035), blush, {
      alpha: 0.55,
      soft: 0.06,
    });
  }
}

function drawNose(canvas: Canvas, { turn }: Factors, { x, y, skin, shade }: Face): void {
  const nx = x + 0.1 * turn;
  const ny = y + 0.105;
  canvas.draw(ellipse(nx + 0.006, ny + 0.006, 0.032, 0.024), around(nx, ny, 0.04, 0.034), shade, {
    alpha: 0.85,
  });
  const tip = blend(skin, [255, 240, 230], 0.25);
  canvas.draw(ellipse(nx - 0.004, ny - 0.004, 0.026, 0.02), around(nx, ny, 0.03, 0.025), tip, {
    soft: 0.015,
  });
}

function drawMouth(canvas: Canvas, { turn, smile }: Factors, { x, y, skin }: Face): void {
  const mx = x + 0.075 * turn;
  const my = y + 0.19;
  const lip = blend([176, 52, 62], skin, 0.12);
  const half = 0.062 + 0.028 * smile;
  if (smile > 0.55) {
    // Open: what hangs from the upper lip, with teeth at its top and the tongue at its bottom
    const top = my - 0.016;
    const open = 0.045 + 0.1 * (smile - 0.55);
    const box = around(mx, top, half, open);
    const mouth = both(ellipse(mx, top, half, open), below(top));
    canvas.draw(mouth, box, [116, 34, 48]);
    const teeth = both(
      ellipse(mx, top, half * 0.9, open * 0.9),
      both(below(top + 0.004), above(top + open * 0.36)),
    );
    canvas.draw(teeth, box, [255, 252, 246]);
    const tongue = both(
      ellipse(mx, top, half * 0.9, open * 0.9),
      ellipse(mx, top + open, half * 0.6, open * 0.42),
    );
    canvas.draw(tongue, box, [226, 104, 108]);
    canvas.draw(curve(mx, top, half, -0.006, 0, 0.008), around(mx, top, half + 0.02, 0.02), lip);
    return;
  }
  const bend = -(0.1 * smile - 0.012);
  canvas.draw(curve(mx, my + 0.02 * smile, half, bend, 0, 0.011), around(mx, my, half + 0.02, 0.06), lip);
}

function drawBrow(canvas: Canvas, { eyeSize, brow, smile }: Factors, { hair }: Face, eye: Eye): void {
  const { x, side, narrow } = eye;
  const rx = 0.056 * narrow;
  const y = eye.y - 0.095 - 0.014 * eyeSize - 0.012 * smile;
  const line = curve(x, y, rx, 0.016, -0.012 * brow * side, 0.0125);
  canvas.draw(line, around(x, y + 0.01, rx * 1.3, 0.05), blend(hair, INK, 0.45));
}

function drawEye(canvas: Canvas, factors: Factors, eye: Eye): void {
  const { eyeSize, turn } = factors;
  const { x, y, side, narrow } = eye;
  const rx = (0.043 + 0.012 * eyeSize) * narrow;
  const ry = 0.05 + 0.014 * eyeSize;
  const white = ellipse(x, y, rx, ry);
  const box = around(x, y, rx, ry);
  canvas.draw(white, box, [255, 253, 250]);
  const iris = 0.04 + 0.009 * eyeSize;
  const ix = x + 0.012 * turn;
  const color = eyeColors[factors.eyeColor]!;
  const round = (cx: number, cy: number, r: number, paint: Color, alpha = 1) =>
    canvas.draw(both(ellipse(cx, cy, r * narrow, r), white), around(cx, cy, r, r), paint, { alpha });
  round(ix, y + 0.004, iris, color);
  round(ix, y + 0.006, iris * 0.58, [24, 18, 24]);
  round(ix - 0.014, y - 0.014, iris * 0.34, [255, 255, 255]);
  round(ix + 0.013, y + 0.018, iris * 0.18, [255, 255, 255], 0.8);
  const lid = curve(x, y - ry - 0.001, rx * 1.08, 0.032, 0.008 * side, 0.0085);
  canvas.draw(lid, around(x, y - ry + 0.015, rx * 1.25, 0.04), INK);
}

function drawGlasses(canvas: Canvas, { glasses, turn }: Factors, face: Face, eyes: readonly Eye[]): void {
  const frame: Color = glassesKinds[glasses] === "round" ? [64, 48, 44] : [40, 46, 70];
  const [left, right] = eyes as [Eye, Eye];
  const y = left.y + LENSES.down;
  for (const eye of eyes) {
    const rx = LENSES.rx * eye.narrow;
    const lens = glassesKinds[glasses] === "round"
      ? ellipse(eye.x, y, rx, LENSES.rx)
      : roundBox(eye.x, y, rx, LENSES.squareRy, 0.022);
    const box = around(eye.x, y, 0.1, 0.1);
    canvas.draw(lens, box, [214, 236, 255], { alpha: 0.2 });
    const glint = taper(eye.x - 0.045, y - 0.012, eye.x - 0.018, y - 0.05, 0.006);
    canvas.draw(glint, box, [255, 255, 255], { alpha: 0.6 });
    canvas.draw(outline(lens, LENSES.frame), box, frame);
    // To the ear
    const start = eye.x + eye.side * rx;
    const end = face.x + eye.side * (face.rx - 0.005) - 0.045 * turn;
    if ((end - start) * eye.side > 0.01) {
      const temple = taper(start, y - 0.015, end, y - 0.005, 0.009);
      canvas.draw(temple, [Math.min(start, end), y - 0.03, Math.max(start, end), y + 0.02], frame);
    }
  }
  const from = left.x + LENSES.rx * left.narrow;
  const to = right.x - LENSES.rx * right.narrow;
  if (to - from > 0.002) {
    const middle = (from + to) / 2;
    const bridge = curve(middle, y - 0.02, (to - from) / 2, 0.012, 0, 0.009);
    canvas.draw(bridge, [from, y - 0.04, to, y + 0.02], frame);
  }
}

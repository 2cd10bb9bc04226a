import { type Box, Canvas, lit, type Shape } from "./canvas.ts";
import { drawFeatures, type HeadPlace } from "./features.ts";
import type { Factors } from "./factors.ts";
import { drawBackHair, drawFrontHair, type Scalp } from "./hair.ts";
import { backgrounds, blend, hairColors, shirts, skins } from "./palette.ts";
import { around, ellipse, merged, taper } from "./shapes.ts";

const everywhere: Shape = () => -1;

/** The middle of a face's head, in a picture that goes from 0 to 1. */
export function headOf({ shiftX, shiftY }: Factors): HeadPlace {
  return { x: 0.5 + 0.035 * shiftX, y: 0.49 + 0.025 * shiftY };
}

/** Draws a face, from the background to what is nearest. */
export function drawFace(factors: Factors, size: number): Canvas {
  const canvas = new Canvas(size);
  const { turn, roundness } = factors;
  const { x, y } = headOf(factors);
  const rx = 0.205 + 0.04 * roundness;
  const skin = skins[factors.skin]!.color;
  const shade = blend(skin, [120, 40, 50], 0.24);
  const background = backgrounds[factors.background]!.color;
  const jaw = ellipse(x + 0.02 * turn, y + 0.1, rx * 0.84, 0.2);
  const head = merged(ellipse(x, y - 0.05, rx, 0.23), jaw, 0.12);
  const color = hairColors[factors.hairColor]!.color;
  const scalp: Scalp = { style: factors.hairStyle, color, head, x, y, rx, turn, hairline: factors.hairline };

  canvas.draw(everywhere, [0, 0, 1, 1], {
    from: [0.2, 0],
    to: [0.8, 1],
    start: blend(background, [255, 255, 255], 0.35),
    end: blend(background, [70, 50, 110], 0.12),
  });
  drawBackHair(canvas, scalp);

  // Shoulders, neck with the shadow of the chin, collar
  const shirt = shirts[factors.shirt]!;
  const shoulders: Box = [x - 0.42, 0.8, x + 0.42, 1];
  canvas.draw(ellipse(x, 1.08, 0.4, 0.26), shoulders, lit(shirt, shoulders));
  canvas.draw(ellipse(x, 0.85, 0.12, 0.07), around(x, 0.85, 0.12, 0.07), blend(shirt, [30, 20, 50], 0.25));
  const neck: Box = [x - 0.1, y + 0.1, x + 0.1, 0.93];
  canvas.draw(taper(x, y + 0.2, x, 0.825, 0.085), neck, {
    from: [x, y + 0.24],
    to: [x, 0.88],
    start: shade,
    end: skin,
  });

  // The ear on the side that the face turns away from comes nearer
  for (const side of [-1, 1]) {
    const ex = x + side * (rx - 0.005) - 0.045 * turn;
    const wide = 0.042 - 0.012 * side * turn;
    const ear = around(ex, y + 0.035, wide, 0.062);
    canvas.draw(ellipse(ex, y + 0.035, wide, 0.062), ear, lit(skin, ear));
    canvas.draw(ellipse(ex, y + 0.04, wide * 0.5, 0.035), ear, shade, { soft: 0.02, alpha: 0.7 });
  }
  const face: Box = [x - 0.26, y - 0.3, x + 0.26, y + 0.32];
  canvas.draw(head, face, lit(skin, face, 0.8));
  drawFeatures(canvas, factors, {
    x,
    y,
    skin,
    shade,
    hair: color,
    rx,
    drawHair: () => drawFrontHair(canvas, scalp),
  });
  return canvas;
}

import type { Box, Canvas, Shape } from "./canvas.ts";
import { lit } from "./canvas.ts";
import { hairStyles } from "./factors.ts";
import { blend, type Color } from "./palette.ts";
import { above, around, both, ellipse, grown, roundBox, taper, union, without } from "./shapes.ts";

/** What hair grows on. */
export interface Scalp {
  /** Place in `hairStyles`. */
  readonly style: number;
  /** Color of the hair. */
  readonly color: Color;
  /** The head with its jaw. */
  readonly head: Shape;
  /** Middle of the head. */
  readonly x: number;
  /** Middle of the head. */
  readonly y: number;
  /** Half the width of the head. */
  readonly rx: number;
  /** Head turn, from -1 to 1. */
  readonly turn: number;
  /** From 0, a high hairline, to 1, a low one. */
  readonly hairline: number;
}

/**
 * Points all around a circle, every 30 degrees from the right over the top to the left, and one further on
 * each side.
 */
const arc: readonly (readonly [number, number])[] = [
  [0.966, 0.259],
  [1, 0],
  [0.866, -0.5],
  [0.5, -0.866],
  [0, -1],
  [-0.5, -0.866],
  [-0.866, -0.5],
  [-1, 0],
  [-0.966, 0.259],
];

/** Hair behind head and shoulders. */
export function drawBackHair(canvas: Canvas, scalp: Scalp): void {
  const { x, y, rx, color, turn } = scalp;
  // The back of the head goes the other way when the face turns
  const cx = x - 0.03 * turn;
  const dark = blend(color, [40, 24, 48], 0.25);
  const draw = (box: Box, hair: Color, ...shapes: Shape[]) =>
    canvas.draw(union(...shapes), box, lit(hair, box));
  switch (hairStyles[scalp.style]) {
    case "bun":
      draw(around(cx, y - 0.34, 0.105, 0.1), color, ellipse(cx, y - 0.34, 0.105, 0.1));
      break;
    case "bob": {
      const low = roundBox(cx, y + 0.1, rx + 0.07, 0.17, 0.09);
      draw([cx - 0.34, y - 0.35, cx + 0.34, y + 0.28], dark, ellipse(cx, y - 0.05, rx + 0.075, 0.29), low);
      break;
    }
    case "long": {
      const left = taper(cx - 0.1, y, cx - 0.13, y + 0.36, rx - 0.03, rx - 0.06);
      const right = taper(cx + 0.1, y, cx + 0.13, y + 0.36, rx - 0.03, rx - 0.06);
      const top = ellipse(cx, y - 0.05, rx + 0.07, 0.29);
      draw([cx - 0.36, y - 0.35, cx + 0.36, y + 0.6], dark, top, left, right);
      break;
    }
    case "curly": {
      const curls = arc.map(([px, py]) => ellipse(cx + px * (rx + 0.02), y - 0.05 + py * 0.25, 0.1, 0.1));
      draw([cx - 0.38, y - 0.42, cx + 0.38, y + 0.15], dark, ...curls);
    }
  }
}

/** Hair in front of the head. */
export function drawFrontHair(canvas: Canvas, scalp: Scalp): void {
  const { x, y, rx, turn, hairline, color, head } = scalp;
  const style = hairStyles[scalp.style];
  let bottom = y + 0.12;
  // What hair leaves free, which goes with the face
  const fx = x + 0.05 * turn;
  const low = 0.05 * hairline;
  const face = ellipse(fx, y + 0.13 + low, rx * 0.88, 0.27);
  const sides = above(y + 0.02);
  let shape: Shape;
  switch (style) {
    case "bald": {
      const spot = around(x - 0.09, y - 0.2, 0.06, 0.03);
      canvas.draw(ellipse(x - 0.09, y - 0.2, 0.06, 0.03), spot, [255, 255, 255], { alpha: 0.35, soft: 0.03 });
      return;
    }
    case "short":
      shape = both(without(grown(head, 0.025), face), sides);
      break;
    case "parted": {
      const cut = union(
        ellipse(fx - 0.1, y + 0.15 + low, rx * 0.8, 0.3),
        ellipse(fx + 0.1, y + 0.17 + low, rx * 0.66, 0.24),
      );
      const swoop = ellipse(fx + 0.05, y - 0.24, rx * 0.84, 0.09);
      shape = both(union(without(grown(head, 0.03), cut), swoop), sides);
      break;
    }
    case "curly": {
      const curls = arc.slice(1, -1).map(([px, py]) =>
        ellipse(x + px * rx * 0.82, y - 0.1 + low + py * 0.18, 0.075, 0.065)
      );
      shape = union(...curls, both(without(grown(head, 0.03), face), above(y - 0.04)));
      break;
    }
    case "spiky": {
      const spikes = arc.slice(2, -2).map(([px, py]) =>
        taper(
          x + px * rx * 0.72,
          y - 0.1 + py * 0.13,
          x + px * (rx + 0.07) + 0.03,
          y - 0.09 + py * 0.29,
          0.085,
          0.004,
        )
      );
      shape = union(both(without(grown(head, 0.02), face), sides), without(union(...spikes), face));
      break;
    }
    case "bob": {
      const fringe = both(grown(head, 0.035), above(y - 0.1 + low));
      const locks = both(without(grown(head, 0.04), ellipse(fx, y + 0.1, rx * 0.86, 0.4)), above(y + 0.24));
      shape = union(fringe, locks);
      bottom = y + 0.28;
      break;
    }
    case "long": {
      // Parted in the middle: two arches side by side
      const arches = union(
        ellipse(fx - 0.085, y + 0.14 + low, rx * 0.62, 0.3),
        ellipse(fx + 0.085, y + 0.14 + low, rx * 0.62, 0.3),
        ellipse(fx, y + 0.2, rx * 0.86, 0.24),
      );
      shape = both(without(grown(head, 0.035), arches), above(y + 0.3));
      bottom = y + 0.34;
      break;
    }
    default:
      shape = both(without(grown(head, 0.02), face), above(y));
  }
  const box: Box = [x - rx - 0.12, y - 0.42, x + rx + 0.12, bottom];
  canvas.draw(shape, box, lit(color, box));
  const light = blend(color, [255, 250, 240], 0.42);
  const streak = both(shape, ellipse(x - 0.1, y - 0.225, 0.085, 0.028));
  canvas.draw(streak, around(x - 0.1, y - 0.225, 0.085, 0.028), light, { alpha: 0.5, soft: 0.03 });
}

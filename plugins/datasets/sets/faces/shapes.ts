import type { Box, Shape } from "./canvas.ts";

/** An ellipse. The distance is exact for circles, and near the edge right to first order for others. */
export function ellipse(cx: number, cy: number, rx: number, ry: number): Shape {
  if (rx === ry) return (x, y) => Math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy)) - rx;
  const ix = 1 / rx;
  const iy = 1 / ry;
  return (x, y) => {
    const px = (x - cx) * ix;
    const py = (y - cy) * iy;
    const length = Math.sqrt(px * px + py * py);
    if (length === 0) return -Math.min(rx, ry);
    const qx = px * ix;
    const qy = py * iy;
    return length * (length - 1) / Math.sqrt(qx * qx + qy * qy);
  };
}

/** The box around an ellipse. */
export function around(cx: number, cy: number, rx: number, ry: number): Box {
  return [cx - rx, cy - ry, cx + rx, cy + ry];
}

/**
 * A line from one point to another with round ends, as thick as `2 * r0` at its start and `2 * r1` at its
 * end.
 */
export function taper(ax: number, ay: number, bx: number, by: number, r0: number, r1 = r0): Shape {
  const dx = bx - ax;
  const dy = by - ay;
  const scale = 1 / (dx * dx + dy * dy);
  return (x, y) => {
    const px = x - ax;
    const py = y - ay;
    const along = Math.min(1, Math.max(0, (px * dx + py * dy) * scale));
    const qx = px - dx * along;
    const qy = py - dy * along;
    return Math.sqrt(qx * qx + qy * qy) - (r0 + (r1 - r0) * along);
  };
}

/**
 * A stroke along the parabola `y = cy + bend * u^2 + lean * u`, `u` from -1 to 1 across `2 * half`, round at
 * its ends.
 */
export function curve(
  cx: number,
  cy: number,
  half: number,
  bend: number,
  lean: number,
  radius: number,
): Shape {
  return (x, y) => {
    const u = (x - cx) / half;
    const inside = Math.min(1, Math.max(-1, u));
    const off = y - (cy + bend * inside * inside + lean * inside);
    const slope = (2 * bend * inside + lean) / half;
    const beyond = (u - inside) * half;
    return Math.sqrt(off * off / (1 + slope * slope) + beyond * beyond) - radius;
  };
}

/** A box with round corners. */
export function roundBox(cx: number, cy: number, rx: number, ry: number, corner: number): Shape {
  return (x, y) => {
    const px = Math.abs(x - cx) - rx + corner;
    const py = Math.abs(y - cy) - ry + corner;
    const ox = Math.max(0, px);
    const oy = Math.max(0, py);
    return Math.sqrt(ox * ox + oy * oy) + Math.min(0, Math.max(px, py)) - corner;
  };
}

/** What lies below a height. */
export function below(limit: number): Shape {
  return (_, y) => limit - y;
}

/** What lies above a height. */
export function above(limit: number): Shape {
  return (_, y) => y - limit;
}

/** What lies in any of the shapes. */
export function union(...shapes: readonly Shape[]): Shape {
  return (x, y) => {
    let least = Infinity;
    for (let i = 0; i < shapes.length; i++) least = Math.min(least, shapes[i]!(x, y));
    return least;
  };
}

/** What lies in both shapes. */
export function both(a: Shape, b: Shape): Shape {
  return (x, y) => Math.max(a(x, y), b(x, y));
}

/** What lies in the first shape but not in the second. */
export function without(a: Shape, b: Shape): Shape {
  return (x, y) => Math.max(a(x, y), -b(x, y));
}

/** A shape grown by a margin on all sides, or shrunk by a negative one. */
export function grown(shape: Shape, margin: number): Shape {
  return (x, y) => shape(x, y) - margin;
}

/** The outline of a shape, `2 * radius` thick. */
export function outline(shape: Shape, radius: number): Shape {
  return (x, y) => Math.abs(shape(x, y)) - radius;
}

/**
 * What lies in either shape, with a rounded corner of about `radius` where they meet (polynomial smooth
 * minimum).
 */
export function merged(a: Shape, b: Shape, radius: number): Shape {
  return (x, y) => {
    const p = a(x, y);
    const q = b(x, y);
    const h = Math.max(0, radius - Math.abs(p - q)) / radius;
    return Math.min(p, q) - h * h * radius * 0.25;
  };
}

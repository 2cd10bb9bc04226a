/** Colors of heat, from none to most: dark to bright, so that they differ without colors as well. */
const COLORS = [[12, 8, 38], [87, 16, 110], [188, 55, 84], [249, 142, 9], [252, 255, 164]] as const;

/** The color of a level from 0 to 255: between those at fixed places. */
export function heatColor(level: number): [number, number, number] {
  const at = level / 255 * (COLORS.length - 1);
  const from = Math.min(COLORS.length - 2, Math.floor(at));
  const mixed = COLORS[from]!.map((value, i) =>
    Math.round(value + (at - from) * (COLORS[from + 1]![i]! - value))
  );
  return mixed as [number, number, number];
}

/** Draws levels on a canvas, a pixel each. */
export function drawHeat(
  canvas: HTMLCanvasElement,
  levels: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (const [pixel, level] of levels.entries()) image.data.set([...heatColor(level), 255], 4 * pixel);
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}

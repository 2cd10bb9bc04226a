import { assert } from "@std/assert";

/** Decodes sixels by DEC's rules, pixel by pixel: an independent reader. */
export function readSixels(text: string): { width: number; height: number; pixels: number[][] } {
  const [, body] = /^P[\d;]*q(.*)$/s.exec(text.split("\x1b")[1]!) as unknown as [string, string];
  assert(text.startsWith("\x1b") && text.endsWith("\x1b\\"));
  const [, width, height] = /^"1;1;(\d+);(\d+)/.exec(body)!.map(Number) as [number, number, number];
  const pixels: number[][] = Array.from({ length: width * height });
  const palette = new Map<number, number[]>();
  let [x, top, color] = [0, 0, 0];
  for (
    const [token] of body.replace(/^"[\d;]+/, "").matchAll(/#\d+;2;\d+;\d+;\d+|#\d+|!\d+[?-~]|[?-~]|[$-]/g)
  ) {
    if (token.startsWith("#")) {
      const [index, kind, ...rgb] = token.slice(1).split(";").map(Number);
      color = index!;
      if (kind !== undefined) palette.set(color, rgb.map((value) => value * 2.55));
    } else if (token === "$") x = 0;
    else if (token === "-") [x, top] = [0, top + 6];
    else {
      const bits = token.charCodeAt(token.length - 1) - 0x3f;
      const count = token.length > 1 ? Number(token.slice(1, -1)) : 1;
      for (let i = 0; i < count; i++, x++) {
        for (let row = 0; row < 6; row++) {
          if (!(bits >> row & 1)) continue;
          assert(x < width && top + row < height, `a pixel at ${x}, ${top + row}`);
          pixels[(top + row) * width + x] = palette.get(color)!;
        }
      }
    }
  }
  return { width, height, pixels };
}

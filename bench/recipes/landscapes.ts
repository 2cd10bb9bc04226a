import { encodePng, type Picture } from "../../src/pictures/mod.ts";
import { randomFrom } from "../random_from.ts";

/** Pixels of a drawn landscape. */
const [WIDTH, HEIGHT] = [96, 96];

type Color = readonly [red: number, green: number, blue: number];

/** Two skies, each from its top to the horizon, and the colors that go with them. */
const SKIES = [
  { top: [110, 160, 225], low: [215, 232, 245], hill: [40, 130, 40], light: 1 },
  { top: [70, 45, 90], low: [225, 125, 60], hill: [15, 45, 25], light: 0.6 },
] as const satisfies readonly { top: Color; low: Color; hill: Color; light: number }[];

/** From one color to another. */
function mix(from: Color, to: Color, share: number): Color {
  const part = Math.min(1, Math.max(0, share));
  return [0, 1, 2].map((i) => from[i]! + (to[i]! - from[i]!) * part) as unknown as Color;
}

/** A drawn landscape: a sky with a sun, two hills, a meadow, and often a house. Each seed draws another. */
export function drawLandscape(seed: number): Picture {
  const random = randomFrom(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const sky = SKIES[random() < 0.6 ? 0 : 1]!;
  const sun = { x: between(10, WIDTH - 10), y: between(8, 35), radius: between(4, 8) };
  const hills = [0, 1].map(() => ({ x: between(0, WIDTH), width: between(20, 60), top: between(45, 65) }));
  const house = random() < 0.6
    ? { x: between(12, WIDTH - 24), y: between(66, 74), side: between(9, 14) }
    : undefined;
  const meadow = mix([90, 170, 70], sky.hill, 1 - sky.light);
  const shade = between(0.9, 1.1);

  const colorAt = (x: number, y: number): Color => {
    let color = mix(sky.top, sky.low, y / 70);
    const fromSun = Math.hypot(x - sun.x, y - sun.y);
    color = mix([250, 225, 110], color, fromSun - sun.radius);
    for (const [i, hill] of hills.entries()) {
      const edge = hill.top + 0.5 * (90 - hill.top) * ((x - hill.x) / hill.width) ** 2;
      color = mix(color, mix(sky.hill, meadow, 0.2 * i), y - edge);
    }
    color = mix(color, meadow, y - 80);
    if (!house) return color;
    const [acrossHouse, down] = [Math.abs(x - house.x - house.side / 2), y - house.y];
    const inWall = Math.min(house.side / 2 - acrossHouse, down, house.side * 0.8 - down);
    color = mix(color, [235, 225, 215], inWall + 0.5);
    const inRoof = Math.min(
      house.side / 2 + 2 - acrossHouse - Math.max(0, -down) * 0.9,
      -down,
      down + house.side * 0.7,
    );
    return mix(color, [190, 45, 35], inRoof + 0.5);
  };

  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      data.set(colorAt(x, y).map((level) => Math.min(255, Math.round(level * shade))), 3 * (y * WIDTH + x));
    }
  }
  return { width: WIDTH, height: HEIGHT, channels: 3, data };
}

/** Writes that many landscapes into a folder, as PNG files. */
export async function writeLandscapes(folder: string, count: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    await Deno.writeFile(`${folder}/${String(i).padStart(4, "0")}.png`, await encodePng(drawLandscape(i)));
  }
}

import { assert, assertEquals } from "@std/assert";
import { blend } from "../../../../src/dcgan/explore/projection/blend.ts";

const [WIDTH, HEIGHT] = [8, 6];

/** A hole in the middle, and one at the edge. */
const counted = Float32Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => {
  const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
  return x >= 2 && x <= 4 && y >= 2 && y <= 3 || x === 7 && y <= 1 ? 0 : 1;
});

function picture(level: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from(
    { length: WIDTH * HEIGHT },
    (_, pixel) => level(pixel % WIDTH, Math.floor(pixel / WIDTH)),
  );
}

Deno.test("blend() fills a hole without a seam if the filling is only lighter", () => {
  const scene = picture((x, y) => 10 * x + 5 * y);
  const lighter = scene.map((level) => level + 60);
  assertEquals(blend(scene, lighter, counted, { width: WIDTH, height: HEIGHT }), scene);
});

Deno.test("blend() keeps all pixels that count, and the detail of the filling", () => {
  const scene = picture(() => 100);
  const detail = picture((x, y) => x === 3 && y === 2 ? 180 : 40);
  const filled = blend(scene, detail, counted, { width: WIDTH, height: HEIGHT });
  for (let at = 0; at < scene.length; at++) if (counted[at] === 1) assertEquals(filled[at], 100);
  // The spot stays lighter than what is around it, by what it was
  const [spot, beside] = [filled[2 * WIDTH + 3]!, filled[2 * WIDTH + 2]!];
  assert(spot - beside > 100 && spot <= 255, `${spot} beside ${beside}`);
});

Deno.test("blend() takes channels apart", () => {
  const scene = Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, at) => [0, 128, 255][at % 3]!);
  const gray = new Uint8Array(3 * WIDTH * HEIGHT).fill(77);
  assertEquals(blend(scene, gray, counted, { width: WIDTH, height: HEIGHT }), scene);
});

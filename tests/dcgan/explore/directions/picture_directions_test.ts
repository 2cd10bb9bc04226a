import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals } from "@std/assert";
import { pictureDirections } from "../../../../src/dcgan/explore/directions/picture_directions.ts";
import { cosine } from "../../../../src/dcgan/explore/directions/vectors.ts";
import { hostNormal } from "../../../../src/gpu/mod.ts";

Deno.test("pictureDirections() finds what changes pictures most, then what changes them less", () => {
  const [count, latent, pixels] = [400, 6, 16 * 16];
  const data = hostNormal(count * latent, { seed: 1 });
  const noise = hostNormal(count * pixels, { seed: 2 });
  const [much, little] = [hostNormal(latent, { seed: 3 }), new Float32Array(latent)];
  // At a right angle to the first
  [little[0], little[1]] = [-much[1]!, much[0]!];
  const bytes = new Uint8Array(count * pixels);
  for (let row = 0; row < count; row++) {
    const z = data.subarray(row * latent, (row + 1) * latent);
    const along = (direction: Float32Array) => z.reduce((sum, value, i) => sum + value * direction[i]!, 0);
    for (let pixel = 0; pixel < pixels; pixel++) {
      // One makes the picture lighter, the other its left half
      const level = 128 + 10 * along(much) + (pixel % 16 < 8 ? 4 : 0) * along(little) +
        8 * noise[row * pixels + pixel]!;
      bytes[row * pixels + pixel] = Math.max(0, Math.min(255, Math.round(level)));
    }
  }
  const samples = {
    latents: { data, count, dimensions: latent },
    pictures: { bytes, size: 16, channels: 1 },
  };
  const [first, second] = pictureDirections(samples, 2);
  assert(Math.abs(cosine(first!.vector, much)) > 0.97);
  assert(Math.abs(cosine(second!.vector, little)) > 0.9);
  assertAlmostEquals(cosine(first!.vector, second!.vector), 0, 1e-6);
});

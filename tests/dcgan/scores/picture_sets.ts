import type { FeatureNetwork } from "../../../src/dcgan/scores/features/feature_network.ts";
import type { PictureSet } from "../../../src/dcgan/scores/pictures.ts";
import { randomValues } from "../../support/random.ts";

/** Edge of the pictures. */
export const SIZE = 16;

/** Pictures of a bright square on a dark, noisy ground, each at a place of its own: class 0 left, class 1 right. */
export function squares(count: number, seed: number): PictureSet {
  const bytes = Uint8Array.from(randomValues(count * SIZE * SIZE, seed, [0, 40]));
  const places = randomValues(2 * count, seed + 1000, [0, 1]);
  for (let i = 0; i < count; i++) {
    const [top, left] = [Math.floor(places[2 * i]! * 11), Math.floor(places[2 * i + 1]! * 11)];
    for (let at = 0; at < 36; at++) {
      bytes[(i * SIZE + top + Math.floor(at / 6)) * SIZE + left + at % 6] = 220;
    }
  }
  return { bytes, size: SIZE, channels: 1 };
}

/** Pictures of noise alone. */
export function noise(count: number, seed: number): PictureSet {
  return {
    bytes: Uint8Array.from(randomValues(count * SIZE * SIZE, seed, [0, 256])),
    size: SIZE,
    channels: 1,
  };
}

/** The class of each of {@linkcode squares}: whether it is brighter on the right. */
export function sideOf({ bytes }: PictureSet): Uint32Array {
  return Uint32Array.from({ length: bytes.length / SIZE ** 2 }, (_, picture) => {
    let sum = 0;
    for (let at = 0; at < SIZE ** 2; at++) {
      sum += bytes[picture * SIZE ** 2 + at]! * (at % SIZE < SIZE / 2 ? -1 : 1);
    }
    return sum > 0 ? 1 : 0;
  });
}

/** Means of the four quarters as features, and the side as the class. */
export const quarters: FeatureNetwork = {
  name: "quarters",
  dimensions: 4,
  labels: [{ name: "side", classes: 2 }],
  describe(bytes) {
    const count = bytes.length / SIZE ** 2;
    const data = new Float32Array(4 * count);
    for (let at = 0; at < bytes.length; at++) {
      const [y, x] = [Math.floor(at / SIZE) % SIZE, at % SIZE];
      const quarter = 2 * Math.floor(2 * y / SIZE) + Math.floor(2 * x / SIZE);
      data[4 * Math.floor(at / SIZE ** 2) + quarter]! += bytes[at]! / SIZE ** 2;
    }
    const features = { data, count, dimensions: 4 };
    return Promise.resolve({ features, classes: [sideOf({ bytes, size: SIZE, channels: 1 })] });
  },
};

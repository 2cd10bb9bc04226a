import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { countOf, distanceWithin, firstOf, reversed, shrink } from "../../../src/dcgan/scores/pictures.ts";

Deno.test("shrink() averages blocks of each picture and channel", () => {
  // Two pictures of 32x32x3: the second is 10 levels brighter; channel c adds c; a column adds its place
  const bytes = Uint8Array.from({ length: 2 * 32 * 32 * 3 }, (_, at) => {
    const [channel, x, picture] = [at % 3, Math.floor(at / 3) % 32, Math.floor(at / (32 * 32 * 3))];
    return 10 * picture + channel + x;
  });
  const { data, count, dimensions } = shrink({ bytes, size: 32, channels: 3 });
  assertEquals([count, dimensions], [2, 16 * 16 * 3]);
  for (const [at, value] of data.entries()) {
    const [channel, x, picture] = [at % 3, Math.floor(at / 3) % 16, Math.floor(at / (16 * 16 * 3))];
    assertEquals(value, 10 * picture + channel + 2 * x + 0.5);
  }
});

Deno.test("shrink() leaves small pictures as they are, and stops at the least edge that halving reaches", () => {
  const of = (size: number) => shrink({ bytes: new Uint8Array(size * size), size, channels: 1 }).dimensions;
  assertEquals([14, 16, 28, 56, 64, 448].map(of), [14, 16, 28, 28, 16, 28].map((edge) => edge ** 2));
});

Deno.test("parts of a set, and the same backward", () => {
  const set = { bytes: Uint8Array.of(1, 2, 3, 4, 5), size: 1, channels: 1 };
  assertEquals([countOf(set), [...firstOf(set, 2).bytes]], [5, [1, 2]]);
  assertEquals([...reversed(set).bytes], [5, 4, 3, 2, 1]);
  assertEquals([...reversed({ bytes: Uint8Array.of(1, 2, 3, 4), size: 1, channels: 2 }).bytes], [3, 4, 1, 2]);
});

Deno.test("distanceWithin() is the mean distance to the nearest other picture", () => {
  const data = Float32Array.of(0, 10, 1, 12);
  assertEquals(distanceWithin({ data, count: 4, dimensions: 1 }, 100), (1 + 2 + 1 + 2) / 4);
  assertEquals(distanceWithin({ data, count: 4, dimensions: 1 }, 1), 1);
});

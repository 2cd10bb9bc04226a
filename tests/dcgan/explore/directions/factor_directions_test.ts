import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { factorDirections } from "../../../../src/dcgan/explore/directions/factor_directions.ts";
import type { Rows } from "../../../../src/dcgan/explore/directions/least_squares.ts";
import { cosine } from "../../../../src/dcgan/explore/directions/vectors.ts";
import { hostNormal } from "../../../../src/gpu/mod.ts";

const [COUNT, LATENT] = [600, 8];

/** What is read off latent vectors directly, as if they were pictures. */
type Reading = (z: Float32Array, noise: number) => number;

function rowsOf(data: number[], dimensions: number): Rows {
  return { data: Float32Array.from(data), count: data.length / dimensions, dimensions };
}

/** Directions of factors that are functions of the latents. */
function directionsOf(factors: readonly Reading[], readable = true) {
  const half = (seed: number) => {
    const data = hostNormal(COUNT * LATENT, { seed });
    const noise = hostNormal(COUNT * factors.length, { seed, stream: 1 });
    const read = Array.from(
      { length: COUNT },
      (_, row) =>
        factors.map((factor, at) =>
          factor(data.subarray(row * LATENT, (row + 1) * LATENT), noise[row * factors.length + at]!)
        ),
    );
    return { latents: { data, count: COUNT, dimensions: LATENT }, read: rowsOf(read.flat(), factors.length) };
  };
  const samples = [half(1), half(2)];
  const real = [half(3), half(4)].map(({ read }, at) => ({
    read,
    labels: readable
      ? read
      : rowsOf([...hostNormal(COUNT * factors.length, { seed: 9 + at })], factors.length),
  }));
  const named = factors.map((_, at) => ({ name: `${at}`, label: `${at}`, className: undefined }));
  return factorDirections(named, { samples, real });
}

Deno.test("factorDirections() finds the direction of a factor that is known, with noise and a bend", () => {
  const truth = Float32Array.from({ length: LATENT }, (_, i) => i - 3);
  const along = (z: Float32Array) => z.reduce((sum, value, i) => sum + value * truth[i]!, 0);
  const [straight, bent] = directionsOf([(z, noise) => along(z) + 3 * noise, (z) => Math.tanh(along(z) / 4)]);
  for (const found of [straight!, bent!]) {
    assert(found.found && found.agreement > 0.95, `${found.agreement}`);
    assert(cosine(found.vector, truth) > 0.97);
    assertAlmostEquals(cosine(found.vector, found.vector), 1);
    assertEquals(found.reason, undefined);
  }
  assert(straight!.linear > 0.8 && straight!.linear < 0.98);
});

Deno.test("factorDirections() does not find what lies along no line", () => {
  // The gradients of an even function cancel out
  const [even, noise] = directionsOf([(z) => z[0]! ** 2, (_, noise) => noise]);
  for (const found of [even!, noise!]) {
    assertEquals([found.found, found.reason], [false, "the latent space does not hold it along one line"]);
    assert(Math.abs(found.linear) < 0.2);
  }
});

Deno.test("factorDirections() says what else changes along a direction", () => {
  const [mixed, own, apart] = directionsOf([
    (z, noise) => z[0]! - z[1]! + noise / 4,
    (z, noise) => z[1]! + noise / 4,
    (z, noise) => z[5]! + noise / 4,
  ]);
  assertEquals(mixed!.also?.name, "1");
  assertAlmostEquals(mixed!.also!.cosine, -Math.SQRT1_2, 0.05);
  assertEquals([own!.also?.name, apart!.also], ["0", undefined]);
});

Deno.test("factorDirections() does not trust what cannot be read, or hardly varies", () => {
  const [unread] = directionsOf([(z) => z[0]!], false);
  assertEquals([unread!.found, unread!.reason], [
    false,
    "it can hardly be read off real images of this size",
  ]);
  const still = directionsOf([(z) => z[0]!]);
  const { latents, read } = {
    latents: hostNormal(COUNT * LATENT, { seed: 5 }),
    read: new Float32Array(COUNT),
  };
  const flat = { latents: { data: latents, count: COUNT, dimensions: LATENT }, read: rowsOf([...read], 1) };
  const labels = rowsOf([...hostNormal(COUNT, { seed: 6 })], 1);
  const [constant] = factorDirections([{ name: "x", label: "x", className: undefined }], {
    samples: [flat, flat],
    real: [{ read: labels, labels }, { read: labels, labels }],
  });
  assertEquals([still[0]!.found, constant!.found, constant!.reason], [
    true,
    false,
    "samples hardly vary in it",
  ]);
});

import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { defineDataset, type OpenDataset } from "../../../plugins/datasets/mod.ts";
import { CheckedDataset } from "../../../plugins/datasets/opening/checked_dataset.ts";
import { decodePicture } from "../../../src/pictures/mod.ts";
import { Batches } from "../../../src/dcgan/batches/batches.ts";

/** A dataset whose pictures are one pixel, with their place as its level. */
function countingDataset(length: number): OpenDataset {
  const plugin = defineDataset({
    apiVersion: 1,
    name: "counting",
    open: () => ({
      length,
      shape: [1, 1, 1],
      read: (indices, into) => into.set(Array.from(indices)),
    }),
  });
  const request = {
    width: 1,
    height: 1,
    size: 1,
    options: {},
    cacheDir: "",
    mirrors: [],
    offline: true,
    progress: () => {},
    signal: new AbortController().signal,
    report: () => {},
  };
  return new CheckedDataset(
    plugin.name,
    request,
    plugin.open(request) as Awaited<ReturnType<typeof plugin.open>>,
  );
}

/** The places that so many steps read, one after the other. */
function placesOf(batches: Batches, steps: number, from = 0): number[] {
  return Array.from({ length: steps }, (_, step) => batches.indices(from + step)).flat();
}

Deno.test("Batches gives every picture once a pass, whatever the size of a batch", () => {
  for (const [length, batch] of [[12, 4], [10, 4], [7, 3], [3, 8], [1, 5], [100, 100]] as const) {
    const batches = new Batches(countingDataset(length), batch, 5);
    const passes = 3 * batch;
    const places = placesOf(batches, 3 * length);
    assertEquals(places.length, passes * length);
    const all = Array.from({ length }, (_, index) => index);
    for (let pass = 0; pass < passes; pass++) {
      const seen = places.slice(pass * length, (pass + 1) * length);
      assertEquals(seen.toSorted((a, b) => a - b), all, `pass ${pass} of ${length} in batches of ${batch}`);
    }
  }
});

Deno.test("Batches orders each pass, and each seed, differently", () => {
  const batches = new Batches(countingDataset(50), 50, 5);
  assertNotEquals(batches.indices(0), batches.indices(1));
  assertNotEquals(batches.indices(0), new Batches(countingDataset(50), 50, 6).indices(0));
  assertNotEquals(batches.indices(0), batches.indices(0).toSorted((a, b) => a - b));
});

Deno.test("Batches is a pure function of seed and step", () => {
  const straight = placesOf(new Batches(countingDataset(23), 4, 9), 20);
  assertEquals(placesOf(new Batches(countingDataset(23), 4, 9), 12, 8), straight.slice(8 * 4));
  const batches = new Batches(countingDataset(23), 4, 9);
  for (const step of [19, 3, 3, 0]) {
    assertEquals(batches.indices(step), straight.slice(step * 4, step * 4 + 4));
  }
});

Deno.test("Batches.read() gives the pictures at its places, and refuses once the signal aborts", async () => {
  const batches = new Batches(countingDataset(23), 4, 9);
  for (const step of [0, 5]) assertEquals([...await batches.read(step)], batches.indices(step));
  const failure = await batches.read(0, AbortSignal.abort()).catch((error) => error);
  assert(failure instanceof DOMException && failure.name === "AbortError");
});

Deno.test("Batches.epochAfter() counts passes with fraction", () => {
  const batches = new Batches(countingDataset(40), 4, 9);
  assertEquals([0, 1, 10, 25].map((steps) => batches.epochAfter(steps)), [0, 0.1, 1, 2.5]);
});

Deno.test("Batches of sixteen million pictures take no more memory than of ten, in the hundredth pass", () => {
  const batches = new Batches(countingDataset(2 ** 24), 64, 9);
  const before = Deno.memoryUsage();
  const stepsOfPass = 2 ** 24 / 64;
  for (let step = 0; step < 2000; step++) batches.indices(100 * stepsOfPass + step);
  const after = Deno.memoryUsage();
  const grown = (after.heapTotal + after.external - before.heapTotal - before.external) / 2 ** 20;
  // A list of the places alone would take 64 MiB
  assert(grown < 32, `${grown.toFixed(1)} MiB more`);
});

Deno.test("Batches print what they are, and show the first of them in a notebook", async () => {
  const batches = new Batches(countingDataset(100), 80, 1);
  assertEquals(Deno.inspect(batches), "batches of 80 from 100 images of 1x1x1");
  const shown = await batches.bundle();
  assertEquals(shown["text/plain"], `${batches}`);
  // The first 64 in rows of 8, each pixel a square of 8 x 8
  const picture = await decodePicture(Uint8Array.fromBase64(shown["image/png"]!));
  const levels = picture.data.filter((_, i) => i % picture.channels === 0);
  for (const place of batches.indices(0).slice(0, 64)) assert(levels.includes(place), `${place}`);
});

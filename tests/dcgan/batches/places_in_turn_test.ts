import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { openDataset } from "../../../plugins/datasets/mod.ts";
import { Batches } from "../../../src/dcgan/batches/batches.ts";
import { placesInTurn } from "../../../src/dcgan/batches/places_in_turn.ts";

/** A dataset with so many pictures of each class. */
function open(...counts: number[]) {
  const kinds = counts.flatMap((count, kind) => new Array<number>(count).fill(kind));
  return openDataset({
    apiVersion: 1,
    name: "kinds",
    open: ({ size }) => ({
      length: kinds.length,
      shape: [size, size, 1],
      read() {},
      labels: { kind: { classes: counts.map(String), at: (index) => kinds[index]! } },
    }),
  }, { size: 8 });
}

Deno.test("placesInTurn() takes of each class what the run gets first", async () => {
  await using dataset = await open(20, 1, 9);
  const config = { conditional: "kind", seed: 5 };
  const order = new Batches(dataset, 30, 5).indices(0);
  const first = (from: number, to: number, count: number) =>
    order.filter((index) => index >= from && index < to).slice(0, count);
  const [a, b, c] = [first(0, 20, 4), first(20, 21, 4), first(21, 30, 4)];
  assertEquals(b, [20]);
  const rows = [0, 1, 2, 3].flatMap((at) => [a[at], b[at], c[at]]);
  assertEquals(placesInTurn(dataset, config, 3, 12), rows);
  // A part of the last turn, and fewer than there are classes
  assertEquals(placesInTurn(dataset, config, 3, 11), rows.slice(0, 11));
  assertEquals(placesInTurn(dataset, config, 3, 2), [a[0], b[0]]);
  assertThrows(
    () => placesInTurn(dataset, { conditional: "color", seed: 5 }, 3, 12),
    RangeError,
    'it must have the label "color", found kind',
  );
});

Deno.test("placesInTurn() has nothing for a class without pictures", async () => {
  await using dataset = await open(3, 0);
  const places = placesInTurn(dataset, { conditional: "kind", seed: 1 }, 2, 8);
  assertEquals(places.map((place) => place === undefined), [
    false,
    true,
    false,
    true,
    false,
    true,
    true,
    true,
  ]);
});

import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { DatasetError } from "../../../plugins/datasets/mod.ts";
import { readCifar } from "../../../plugins/datasets/formats/cifar.ts";
import { cifar } from "../support/files.ts";

Deno.test("readCifar() puts planes of color side by side, over several files", () => {
  const one = cifar([[3], [9]], 1);
  const two = cifar([[0]], 2);
  const images = readCifar([{ path: "1", bytes: one }, { path: "2", bytes: two }], [10]);
  assertEquals([images.length, images.label(0, 0), images.label(1, 0), images.label(2, 0)], [3, 3, 9, 0]);
  const pixels = images.pixels(2);
  assertEquals([...pixels.slice(3, 6)], [two[1 + 1], two[1 + 1024 + 1], two[1 + 2048 + 1]]);
  assertEquals(pixels.length, 3072);
});

Deno.test("readCifar() refuses parts of records, and labels that are no class", () => {
  const bytes = cifar([[4, 50], [19, 99]]);
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(), "x must hold records of 3074 bytes, found 0 bytes"],
    [bytes.slice(0, -4), "records of 3074 bytes, found 6144 bytes, 3070 more than whole records"],
    [bytes.with(3074, 20), "x must hold labels from 0 to 19, found 20 for image 1"],
    [bytes.with(1, 100), "x must hold labels from 0 to 99, found 100 for image 0"],
  ];
  for (const [file, message] of cases) {
    assertThrows(() => readCifar([{ path: "x", bytes: file }], [20, 100]), DatasetError, message);
  }
});

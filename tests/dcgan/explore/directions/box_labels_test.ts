import "../../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { boxLabelsOf, boxNamesOf } from "../../../../src/dcgan/explore/directions/box_labels.ts";
import { factorLabelsOf } from "../../../../src/dcgan/explore/directions/factors.ts";

const number = { at: () => 0 };
const sides = { hat_left: number, hat_top: number, hat_right: number, hat_bottom: number };

Deno.test("boxNamesOf() finds the four sides of what a label names", () => {
  const labels = { hat: { classes: ["no", "yes"], at: () => 0 }, ...sides, tie_left: number };
  assertEquals(boxNamesOf(labels, "hat"), ["hat_left", "hat_top", "hat_right", "hat_bottom"]);
  assertEquals(boxLabelsOf({ labels }, "hat"), [number, number, number, number]);
  assertEquals(boxNamesOf(labels, "tie"), undefined);
  // A side with classes is none
  assertEquals(boxNamesOf({ ...labels, hat_top: { classes: ["a", "b"], at: () => 0 } }, "hat"), undefined);
});

Deno.test("factorLabelsOf() takes numbers and classes, and no sides of boxes", () => {
  const many = { classes: Array.from({ length: 101 }, (_, i) => `${i}`), at: () => 0 };
  const labels = {
    hat: { classes: ["no", "yes"], at: () => 0 },
    ...sides,
    smile: number,
    tie_left: number,
    many,
  };
  assertEquals(factorLabelsOf({ labels }), ["hat", "smile", "tie_left"]);
});

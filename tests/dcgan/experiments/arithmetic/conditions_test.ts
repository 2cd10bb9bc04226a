import "../../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { meeting, termsOf, textOf } from "../../../../src/dcgan/experiments/arithmetic/conditions.ts";
import { factorsOf } from "../../../../src/dcgan/explore/directions/factors.ts";

Deno.test("termsOf() says what a sum should have, and what it should keep", () => {
  const { added, kept } = termsOf(
    ["glasses=round", "hair=short"],
    ["glasses=none", "hair=short"],
    ["glasses=none", "hair=long", "smile=high"],
  );
  assertEquals([textOf(added), textOf(kept)], ["glasses=round", "hair=long, smile=high"]);
  // The third may be of the label itself: then nothing is to be kept
  assertEquals(termsOf(["a=x"], ["a=y"], ["a=z"]).kept, []);
});

Deno.test("termsOf() refuses samples by their places, and what is the same", () => {
  assertThrows(
    () => termsOf(["a=x"], [1, "1:4"], ["a=z"]),
    RangeError,
    '"b" must say what its samples have in common, as glasses=round, found 1, 1:4',
  );
  assertThrows(() => termsOf(["a=x"], ["a=x", "b=y"], ["a=z"]), RangeError, "found the same");
});

Deno.test("meeting() takes likelier classes and numbers on the right side of the mean", () => {
  const labels = {
    glasses: { classes: ["none", "round"], at: () => 0 },
    smile: { at: () => 0 },
  };
  const factors = factorsOf(labels, ["glasses", "smile"]);
  // none, round, smile
  const data = Float32Array.of(3, -3, 1, 1, -1, 0.2, -3, 3, -1);
  const rows = { data, count: 3, dimensions: 3 };
  const meets = (text: string) => {
    const conditions = text.split(",").map((one) => {
      const [label = "", value = ""] = one.split("=");
      return { label, value };
    });
    return meeting(conditions, rows, factors, "a run");
  };
  assertEquals(meets("glasses=none"), [true, true, false]);
  assertEquals(meets("smile=high"), [true, true, false]);
  assertEquals(meets("smile=low,glasses=round"), [false, false, true]);
  assertThrows(() => meets("glasses=square"), RangeError, 'none, round, found "square"');
});

import "../../../../src/host/on_native.ts";
import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { shuffledNumbers } from "../../../../src/dcgan/experiments/data/shuffled_numbers.ts";
import { drawPerClass } from "../../../../src/dcgan/experiments/svm/draw_per_class.ts";

const classOf = Uint16Array.from({ length: 60 }, (_, i) => i % 3);
const numbers = shuffledNumbers(60, 5).subarray(0, 45);
const names = ["a", "b", "c"];

Deno.test("drawPerClass() draws as many of each class, different ones, and others in each draw", () => {
  const draws = [0, 1].map((draw) => drawPerClass(numbers, classOf, { each: 4, names, seed: 1, draw }));
  for (const draw of draws) {
    assertEquals(new Set(draw).size, 12);
    assertEquals([...draw].map((number) => classOf[number]), [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    assertEquals([...draw].every((number) => numbers.includes(number)), true);
  }
  assertNotEquals(draws[0], draws[1]);
  assertEquals(drawPerClass(numbers, classOf, { each: 4, names, seed: 1, draw: 1 }), draws[1]);
});

Deno.test("drawPerClass() names a class with too few images", () => {
  assertThrows(
    () => drawPerClass(numbers, classOf, { each: 21, names, seed: 1, draw: 0 }),
    RangeError,
    "Cannot draw 21 images of each class: class",
  );
});

import "../../../../src/host/on_native.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { insideBoxes, overlap, parseBoxes } from "../../../../src/dcgan/experiments/filters/boxes.ts";

const one = { sample: 3, box: [0.25, 0.25, 0.75, 0.5] as const };

Deno.test("parseBoxes() reads boxes, and says what is wrong with others", () => {
  const boxes = { seed: 7, boxes: [one] };
  assertEquals(
    parseBoxes(JSON.stringify(boxes), "boxes.json"),
    boxes as unknown as ReturnType<typeof parseBoxes>,
  );
  const wrong = (json: string, message: string) =>
    assertThrows(() => parseBoxes(json, "boxes.json"), SyntaxError, message);
  wrong("{", "Cannot read boxes.json: it must be JSON");
  wrong("[]", "Cannot use the boxes of boxes.json: they must be");
  wrong(JSON.stringify({ seed: 1, boxes: [] }), "at boxes");
  wrong(JSON.stringify({ seed: 1, boxes: [{ sample: 0, box: [0.5, 0, 0.4, 1] }] }), "at boxes.0.box");
  wrong(
    JSON.stringify({ seed: 1, boxes: [{ sample: 0, box: [0, 0, 40, 60] }] }),
    "found 40 at boxes.0.box.2",
  );
  wrong(JSON.stringify({ seed: 1, boxes: [{ sample: -1, box: one.box }] }), "at boxes.0.sample");
});

Deno.test("insideBoxes() takes places by their middle", () => {
  assertEquals(insideBoxes([one.box], 4, 4).map(Number), [
    ...[0, 0, 0, 0],
    ...[0, 1, 1, 0],
    ...[0, 0, 0, 0],
    ...[0, 0, 0, 0],
  ]);
});

Deno.test("insideBoxes() does not lose a box between the middles of places", () => {
  assertEquals(insideBoxes([[0.55, 0.05, 0.7, 0.1]], 2, 2).map(Number), [0, 1, 0, 0]);
});

Deno.test("overlap() is 1 for equal boxes, 0 for boxes apart, and the shared part of others", () => {
  assertEquals(overlap([0, 0, 1, 1], [0, 0, 1, 1]), 1);
  assertEquals(overlap([0, 0, 0.4, 1], [0.5, 0, 1, 1]), 0);
  assertAlmostEquals(overlap([0, 0, 0.5, 1], [0.25, 0, 0.75, 1]), 1 / 3);
});

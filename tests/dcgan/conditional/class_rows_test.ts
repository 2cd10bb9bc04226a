/** Samples of classes: which ones, and where in a grid. */
import { assertEquals, assertThrows } from "@std/assert";
import { chooseClasses } from "../../../src/dcgan/sampling/choose_classes.ts";
import { classRows } from "../../../src/dcgan/sampling/class_rows.ts";

Deno.test("classRows() gives each class a row", () => {
  // Two bytes a sample; classes 0, 1, 2, 0, 1, 2, 0
  const data = Uint8Array.of(0, 1, 10, 11, 20, 21, 2, 3, 12, 13, 22, 23, 4, 5);
  const { data: rows, columns } = classRows(data, 7, 3);
  assertEquals(columns, 3);
  assertEquals([...rows], [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 255, 255, 20, 21, 22, 23, 255, 255]);
  // One class, none, or not two of each
  for (const classes of [0, 1, 4, 7]) assertEquals(classRows(data, 7, classes), { data });
});

Deno.test("chooseClasses() takes names and numbers", () => {
  const names = ["cat", "dog", "1"];
  assertEquals(chooseClasses(names, undefined, "g"), { labels: [0, 1, 2], count: 24 });
  assertEquals(chooseClasses(names, ["dog", 0, "1", "0"], "g").labels, [1, 0, 2, 0]);
  assertEquals(chooseClasses(undefined, undefined, "g"), { count: 64 });
  for (const wanted of ["bird", 3, "3", ""]) {
    assertThrows(
      () => chooseClasses(names, [wanted], "g"),
      RangeError,
      `must be names or numbers of the 3 classes "cat", "dog", "1", found ${JSON.stringify(wanted)}`,
    );
  }
  assertThrows(
    () => chooseClasses(undefined, ["cat"], "g.safetensors"),
    RangeError,
    'Cannot sample: "classes" needs a conditional generator, found one without classes in g.safetensors',
  );
});

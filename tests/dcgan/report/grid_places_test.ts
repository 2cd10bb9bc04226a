import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { gridPlaces } from "../../../src/dcgan/report/grid_places.ts";

Deno.test("gridPlaces() names the samples of a grid, row by row", () => {
  assertEquals(gridPlaces({ seed: 3, samples: 5, size: "16x8" }), {
    columns: 3,
    // 3 x 2 samples, with 2 pixels between and around
    width: 56,
    height: 22,
    padding: 2,
    names: ["3:0", "3:1", "3:2", "3:3", "3:4"],
    classes: null,
  });
  assertEquals(gridPlaces({ seed: 1, samples: 64, size: 16 }).columns, 8);
  // The grid of a run frames a single one too
  assertEquals(gridPlaces({ seed: 1, samples: 1, size: 16 }).width, 20);
});

Deno.test("gridPlaces() follows rows of classes", () => {
  assertEquals(gridPlaces({ seed: 1, samples: 7, classes: ["a", "b"], size: 16 }), {
    columns: 3,
    width: 56,
    height: 38,
    padding: 2,
    names: ["1:0", "1:2", "1:4", "1:1", "1:3", "1:5"],
    classes: ["a", "a", "a", "b", "b", "b"],
  });
  // Too few for two of each: as they are
  assertEquals(gridPlaces({ seed: 1, samples: 3, classes: ["a", "b"], size: 16 }).names, ["1:0", "1:1"]);
});

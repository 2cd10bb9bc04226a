import { assertEquals } from "@std/assert";
import { gridPlaces } from "../../../src/dcgan/report/grid_places.ts";

Deno.test("gridPlaces() names the samples of a grid, row by row", () => {
  assertEquals(gridPlaces({ seed: 3, samples: 5 }), {
    columns: 3,
    names: ["3:0", "3:1", "3:2", "3:3", "3:4"],
  });
  assertEquals(gridPlaces({ seed: 1, samples: 64 }).columns, 8);
});

Deno.test("gridPlaces() follows rows of classes", () => {
  assertEquals(gridPlaces({ seed: 1, samples: 7, classes: ["a", "b"] }), {
    columns: 3,
    names: ["1:0", "1:2", "1:4", "1:1", "1:3", "1:5"],
  });
  // Too few for two of each: as they are
  assertEquals(gridPlaces({ seed: 1, samples: 3, classes: ["a", "b"] }).names, ["1:0", "1:1"]);
});

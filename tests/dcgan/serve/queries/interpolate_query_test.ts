import { assertEquals, assertThrows } from "@std/assert";
import { interpolateQuery } from "../../../../src/dcgan/serve/queries/interpolate_query.ts";
import { QueryError } from "../../../../src/dcgan/serve/queries/read_query.ts";
import { someServed } from "./some_served.ts";

Deno.test("interpolateQuery() chooses what a request leaves open, as interpolate() does", () => {
  const rows = interpolateQuery("", undefined, someServed());
  assertEquals([rows.format, rows.seeds, rows.count, rows.columns], ["png", [1, 2, 3, 4], 24, 8]);
  assertEquals([rows.interpolation, rows.scale], ["spherical", undefined]);
  const film = interpolateQuery("seeds=1,5&format=webp", undefined, someServed());
  assertEquals([film.count, film.columns, film.scale], [40, 1, 16]);
  const loop = interpolateQuery("seeds=1,5&loop=true&steps=3", "image/webp", someServed());
  assertEquals([loop.format, loop.loop, loop.count], ["webp", true, 4]);
  const uniform = someServed({ latentDistribution: "uniform", classes: ["a", "b"] });
  const other = interpolateQuery("class=b", undefined, uniform);
  assertEquals([other.interpolation, other.labels], ["linear", [1]]);
  assertEquals(interpolateQuery("", undefined, uniform).labels, [0]);
});

Deno.test("interpolateQuery() refuses what cannot be drawn, in one sentence", () => {
  const wrong: Readonly<Record<string, string>> = {
    "seeds=1": 'Cannot interpolate: "seeds" must be 2 to 64 seeds',
    "seeds=": "",
    "steps=1": "a whole number from 2 to 256",
    "steps=256&seeds=1,2,3": "at most 256 pictures, found 512",
    "loop=yes": "true or false",
    "class=a&class=b": '"class" must be given once, found 2',
    "format=npy": '"png" or "webp"',
    "seeds=1,2&scale=64&steps=200": "at most 16777216 pixels",
    "seeds=1,2&scale=64&format=webp": "in 40 frames",
    "seed=1": 'parameter "seed" is unknown',
  };
  for (const [text, message] of Object.entries(wrong)) {
    if (message === "") assertEquals(interpolateQuery(text, undefined, someServed()).seeds.length, 4);
    else assertThrows(() => interpolateQuery(text, undefined, someServed()), QueryError, message, text);
  }
  assertThrows(
    () => interpolateQuery("", undefined, someServed({ channels: 5 })),
    QueryError,
    "1 to 4 channels",
  );
});

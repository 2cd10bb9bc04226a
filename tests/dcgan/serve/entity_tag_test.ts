import { assertEquals, assertMatch } from "@std/assert";
import { isNamed, tagOf } from "../../../src/dcgan/serve/entity_tag.ts";
import { sampleQuery } from "../../../src/dcgan/serve/queries/sample_query.ts";
import { someServed } from "./queries/some_served.ts";

Deno.test("tagOf() differs with all that the bytes differ with, and only with that", () => {
  const served = someServed({ classes: ["a", "b"] });
  const tag = (query: string, accept?: string, of = served) => tagOf(sampleQuery(query, accept, of), of);
  const first = tag("seed=7&count=4");
  assertMatch(first, /^"[0-9a-f]{32}"$/);
  assertEquals(tag("count=4&seed=7&format=png&class="), first);
  const others = [
    tag("seed=8&count=4"),
    tag("seed=7&count=5"),
    tag("seed=7&count=4&truncation=0.5"),
    tag("seed=7&count=4&scale=2"),
    tag("seed=7&count=4&class=a"),
    tag("seed=7&count=4&format=npy"),
    tag("seed=7&count=4", "image/webp"),
    tag("seeds=7:0,7:1,7:2,7:3"),
    tag("seed=7&count=4", undefined, { ...served, generator: "other" }),
    tag("seed=7&count=4", undefined, { ...served, adapter: "other" }),
    tag("seed=7&count=4", undefined, { ...served, software: "@x/dcgan 2.0.0" }),
  ];
  assertEquals(new Set([first, ...others]).size, 1 + others.length);
});

Deno.test("isNamed() reads lists, weak tags and a star", () => {
  const named = ['"a"', 'W/"a"', '"b", "a"', '"b",W/"a"', "*", " * "];
  for (const header of named) assertEquals([header, isNamed('"a"', header)], [header, true]);
  for (const header of [undefined, "", "a", '"b"', '"ab"']) {
    assertEquals([header, isNamed('"a"', header)], [header, false]);
  }
});

import { assertEquals, assertThrows } from "@std/assert";
import { gridOf, sampleQuery } from "../../../../src/dcgan/serve/queries/sample_query.ts";
import { QueryError } from "../../../../src/dcgan/serve/queries/read_query.ts";
import { someServed } from "./some_served.ts";

const conditional = someServed({ classes: ["cat", "dog", "a b"] });

Deno.test("sampleQuery() chooses what a request leaves open, as sample() does", () => {
  const { largest, ...rest } = sampleQuery("", undefined, someServed());
  const open = {
    seeds: undefined,
    classes: undefined,
    labels: undefined,
    truncation: undefined,
    scale: undefined,
  };
  assertEquals(rest, { type: "sample", format: "png", seed: 1, count: 64, ...open });
  assertEquals(largest, 4 * (8 * 18 + 2) ** 2);
  assertEquals(sampleQuery("", undefined, conditional).count, 24);
  const many = someServed({ classes: Array.from({ length: 100 }, (_, at) => `${at}`) });
  assertEquals(sampleQuery("", undefined, many).count, 256);
});

Deno.test("sampleQuery() reads all parameters, and takes empty ones as not given", () => {
  const text = "seed=4294967295&count=6&class=dog&class=a+b&truncation=0.7&scale=2&format=webp";
  const { seed, count, labels, truncation, scale, format } = sampleQuery(text, "image/png", conditional);
  assertEquals([seed, count, labels, truncation, scale, format], [4294967295, 6, [1, 2], 0.7, 2, "webp"]);
  const places = sampleQuery("seeds=5,7:23&seed=&class=", undefined, conditional);
  assertEquals([places.seeds, places.count, places.labels], [[5, "7:23"], 2, [0, 1, 2]]);
  assertEquals(sampleQuery("count=3&format=npy", undefined, someServed()).largest, 4 * 3 * 768);
});

Deno.test("sampleQuery() refuses numbers and names that are none, in one sentence", () => {
  const wrong: Readonly<Record<string, string>> = {
    "seed=NaN": 'Cannot sample: "seed" must be a whole number from 0 to 4294967295, found "NaN"',
    "seed=-0": 'found "-0"',
    "seed=-1": 'found "-1"',
    "seed=%2B1": 'found "+1"',
    "seed=1e3": 'found "1e3"',
    "seed=0x10": 'found "0x10"',
    "seed=1.5": 'found "1.5"',
    "seed=+1": 'found " 1"',
    "seed=9007199254740992": 'found "9007199254740992"',
    "seed=4294967296": 'found "4294967296"',
    "seed=1&seed=2": '"seed" must be given once, found 2',
    "seed=&seed=": '"seed" must be given once, found 2',
    "count=1e999": 'Cannot sample: "count" must be a whole number from 1 to 256, found "1e999"',
    "count=0": 'found "0"',
    "count=257": 'found "257"',
    "count=Infinity": 'found "Infinity"',
    "truncation=1.01": "a number from 0 and up to 1",
    "truncation=NaN": 'found "NaN"',
    "truncation=-0": 'found "-0"',
    "scale=65": "a whole number from 1 to 64",
    "format=gif": 'one of "png", "webp", "npy"',
    "format=png%00": 'found "png\\u0000"',
    "seeds=1,x": "seeds from 0 to 4294967295",
    "seeds=1,2&seed=3": '"seed" cannot be combined with "seeds"',
    "seeds=1,2&count=3": '"count" must be 2, as many as "seeds" has, found 3',
    "format=npy&scale=2": '"scale" needs format "png" or "webp"',
    "class=cat": "needs a conditional generator",
    "sed=1": 'parameter "sed" is unknown. Give any of seed, seeds, count',
    "__proto__=1": 'parameter "__proto__" is unknown',
    "constructor=1": 'parameter "constructor" is unknown',
    [`seed=${"9".repeat(1000)}`]: `found "${"9".repeat(40)}..."`,
    "seed=%1b[2J": 'found "\\u001b[2J"',
    "count=256&scale=64": "an answer has at most 16777216 pixels",
  };
  for (const [text, message] of Object.entries(wrong)) {
    const error = assertThrows(() => sampleQuery(text, undefined, someServed()), QueryError, message, text);
    assertEquals(error.message.includes("\n"), false);
  }
  assertThrows(() => sampleQuery("class=bird", undefined, conditional), QueryError, '"cat", "dog", "a b"');
  const wide = someServed({ sides: { width: 512, height: 512 } });
  assertThrows(
    () => sampleQuery("count=65&format=npy", undefined, wide),
    QueryError,
    "at most 16777216 numbers",
  );
});

Deno.test("sampleQuery() gives generators of many channels an array alone", () => {
  const many = someServed({ channels: 7 });
  assertEquals(sampleQuery("", undefined, many).format, "npy");
  assertThrows(() => sampleQuery("format=png", undefined, many), QueryError, "1 to 4 channels, found 7");
});

Deno.test("gridOf() says where samples lie, those of each class in a row", () => {
  const served = someServed();
  const of = (count: number, labels?: readonly number[]) =>
    gridOf({ count, labels, scale: undefined }, served);
  assertEquals(of(1), { columns: 1, sides: { width: 16, height: 16 } });
  assertEquals(of(5), { columns: 3, sides: { width: 56, height: 38 } });
  assertEquals(of(5, [0, 1]), { columns: 3, sides: { width: 56, height: 38 } });
  assertEquals(of(7, [0, 1, 2]), { columns: 3, sides: { width: 56, height: 56 } });
  assertEquals(of(3, [0, 1]), { columns: 2, sides: { width: 38, height: 38 } });
});

import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { DatasetError, readPluginOptions } from "../../../plugins/datasets/mod.ts";
import { sample } from "../support/plugins.ts";

Deno.test("readPluginOptions() fills in defaults and reads text as what is asked for", () => {
  assertEquals(readPluginOptions(sample), { count: 3, split: "train", title: "", mirror: false });
  assertEquals(
    readPluginOptions(sample, { count: "7", split: "test", title: 12, mirror: "true" }),
    { count: 7, split: "test", title: "12", mirror: true },
  );
});

Deno.test("readPluginOptions() says what is allowed", () => {
  const cases: [Record<string, unknown>, string][] = [
    [
      { cuont: 1 },
      'Dataset "sample" has no option "cuont": allowed are count, split, title, mirror; did you mean "count"?',
    ],
    [{ count: 10 }, 'Option "count" of dataset "sample" must be a whole number from 1 to 9, found 10'],
    [{ count: 1.5 }, "found 1.5"],
    [{ count: "" }, 'found ""'],
    [{ count: "many" }, 'found "many"'],
    [{ split: "dev" }, 'Option "split" of dataset "sample" must be one of "train", "test", found "dev"'],
    [{ mirror: "yes" }, 'Option "mirror" of dataset "sample" must be true or false, found "yes"'],
    [{ toString: 1 }, 'has no option "toString"'],
  ];
  for (const [given, message] of cases) {
    assertThrows(() => readPluginOptions(sample, given), DatasetError, message);
  }
  const plain = { ...sample, options: {} };
  assertThrows(() => readPluginOptions(plain, { a: 1 }), DatasetError, 'must have no options, found "a"');
});

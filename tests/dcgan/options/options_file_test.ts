import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { formatConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { parseOptions, withFileOptions } from "../../../src/dcgan/options/options_file.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";

Deno.test("parseOptions() reads some options, or those of a run", () => {
  assertEquals(parseOptions('{ "size": 32, "minutes": 3, "out": "runs/a" }'), {
    size: 32,
    minutes: 3,
    out: "runs/a",
  });
  const config = resolveConfig({ preset: "modern", data: "faces", steps: 70, out: "runs/a" }, { length: 40 });
  const options = parseOptions(formatConfig({ ...config, run: "ab", pictures: "cd" }));
  assertEquals([options.out, options.steps, options.loss, options.preset], [
    undefined,
    70,
    "rpgan",
    "pytorch",
  ]);
  // A new run from them is the same but for what is known of one run
  const { images: _, ...again } = resolveConfig({ ...options, out: "runs/a" });
  assertEquals({ ...again, images: 40 }, config);
});

Deno.test("parseOptions() names the file, and all that is wrong with it", () => {
  const cases: [string, typeof ConfigError | typeof SyntaxError, string][] = [
    ["{", SyntaxError, "Cannot read my.json: it must be JSON"],
    ["[1]", SyntaxError, "Cannot use my.json: it must hold an object, found"],
    ['{ "size": 33, "los": "hinge" }', ConfigError, 'Cannot use my.json: "los" is not an option'],
    ['{ "size": 33 }', ConfigError, '"size" must be even on each side'],
    ['{ "resume": "runs/a" }', ConfigError, '"resume" must not be in a file: it is about resuming a run'],
    ['{ "version": 1, "size": 32 }', ConfigError, '"batch" is missing'],
  ];
  for (const [text, kind, message] of cases) {
    assertThrows(() => parseOptions(text, "my.json"), kind, message);
  }
});

Deno.test("withFileOptions() puts given options first, a length in place of any other, and options of a dataset one by one", () => {
  const file: TrainOptions = { size: 32, steps: 5, data: "faces", dataOptions: { length: 9, seed: 2 } };
  assertEquals(withFileOptions(file, {}), file);
  assertEquals(withFileOptions(file, { minutes: 3, size: 64 }), {
    size: 64,
    minutes: 3,
    data: "faces",
    dataOptions: { length: 9, seed: 2 },
  });
  assertEquals(withFileOptions(file, { dataOptions: { length: 4 } }).dataOptions, { length: 4, seed: 2 });
  assertEquals(withFileOptions({ ...file, dataRoot: "here" }, { data: "mnist" }), {
    size: 32,
    steps: 5,
    data: "mnist",
  });
  assertEquals(withFileOptions(file, { data: "mnist", dataOptions: { split: "test" } }).dataOptions, {
    split: "test",
  });
});

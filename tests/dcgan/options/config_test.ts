import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertFalse, assertStringIncludes, assertThrows } from "@std/assert";
import {
  checkOptions,
  formatConfig,
  freeRunFolder,
  parseConfig,
  resolveConfig,
} from "../../../src/dcgan/options/config.ts";
import { ConfigError, optionProblem } from "../../../src/dcgan/options/config_issue.ts";
import { optionNames, optionTable } from "../../../src/dcgan/options/option_table.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";

/** Options as a script without types might pass them. */
const loose = (options: Record<string, unknown>): TrainOptions => options as TrainOptions;

Deno.test("optionTable has defaults that its own schemas accept", () => {
  for (const name of optionNames) {
    const { default: value, otherwise } = optionTable[name];
    if (value !== undefined) assertEquals(optionProblem(name, value), undefined);
    assertEquals(
      value === undefined,
      otherwise !== undefined,
      `${name} says what happens without it, or has a default`,
    );
  }
});

Deno.test("resolveConfig() gives the paper's settings where nothing is asked for", () => {
  const config = resolveConfig({});
  assertEquals([config.data, config.size, config.channels, config.batch, config.latent], [
    "faces",
    64,
    3,
    64,
    100,
  ]);
  assertEquals([config.learningRate, config.beta1, config.beta2], [2e-4, 0.5, 0.999]);
  assertEquals([config.steps, config.out], [1000, "runs/faces-1"]);
});

Deno.test("resolveConfig() takes channels from the options, then from the dataset", () => {
  assertEquals(resolveConfig({}, { channels: 1 }).channels, 1);
  assertEquals(resolveConfig({ channels: 3 }, { channels: 1 }).channels, 3);
});

Deno.test("resolveConfig() counts epochs in steps, the last batch reaching into the next pass", () => {
  assertEquals(resolveConfig({ epochs: 2, batch: 64 }, { length: 60_000 }).steps, 1875);
  assertEquals(resolveConfig({ epochs: 1, batch: 64 }, { length: 65 }).steps, 2);
  assertEquals(resolveConfig({ epochs: 0.5, batch: 64 }, { length: 10 }).steps, 1);
});

Deno.test("resolveConfig() refuses epochs where the dataset's length is not known", () => {
  assertThrows(() => resolveConfig({ epochs: 2 }), ConfigError, `"epochs" cannot be converted to steps`);
});

Deno.test("checkOptions() refuses steps and epochs together", () => {
  assertThrows(
    () => checkOptions({ steps: 10, epochs: 1 }),
    ConfigError,
    `"epochs" cannot be combined with "steps"`,
  );
});

Deno.test("checkOptions() names every bad option with what is allowed and what was found", () => {
  const error = assertThrows(
    () =>
      checkOptions(loose({ size: 49, batch: 0, learningRate: NaN, loss: "wgan", stpes: 3, beta1: "0.5" })),
    ConfigError,
  );
  assertEquals(error.issues.map((issue) => issue.option).sort(), [
    "batch",
    "beta1",
    "learningRate",
    "loss",
    "size",
    "stpes",
  ]);
  assertStringIncludes(
    error.message,
    `"size" must be even on each side, as each layer halves the image, found 49`,
  );
  assertStringIncludes(error.message, `found 49; nearest: 48 and 56`);
  assertStringIncludes(error.message, `"batch" must be a whole number from 1 to 65536, found 0`);
  assertStringIncludes(
    error.message,
    `"learningRate" must be a number above 0 and up to 1, or a schedule from one to another, FROM:TO or FROM:TO@STEPS, found NaN`,
  );
  assertStringIncludes(error.message, `"loss" must be one of "non-saturating", "minimax", "least-squares", `);
  assertStringIncludes(error.message, `"stpes" is not an option; allowed are data, dataRoot`);
  assertStringIncludes(error.message, `"beta1" must be a number from 0 and below 1, found "0.5"`);
});

Deno.test("checkOptions() takes smoothed labels with the logistic losses only", () => {
  for (const loss of [undefined, "non-saturating", "minimax"] as const) {
    checkOptions(loose({ loss, labelSmoothing: 0.1 }));
  }
  for (const loss of ["least-squares", "hinge", "wasserstein", "rpgan"] as const) {
    checkOptions({ loss, labelSmoothing: 0 });
    const { issues } = assertThrows(() => checkOptions({ loss, labelSmoothing: 0.1 }), ConfigError);
    assertEquals(issues, [{
      option: "labelSmoothing",
      problem:
        `must be 0 with the loss "${loss}", found 0.1: only "non-saturating" and "minimax" have labels to smooth`,
    }]);
  }
});

Deno.test("checkOptions() takes undefined as not given, and a signal as no part of the config", () => {
  checkOptions(loose({ size: undefined, steps: undefined, epochs: 3, signal: AbortSignal.abort() }));
});

Deno.test("checkOptions() refuses every value just outside its range", () => {
  for (
    const bad of [
      { seed: -1 },
      { seed: 2 ** 32 },
      { steps: 1.5 },
      { steps: 0 },
      { epochs: 0 },
      { beta2: 1 },
      { labelSmoothing: -0.1 },
      { labelSmoothing: 0.5 },
      { labelFlip: 0.5 },
      { r1: -1 },
      { gradientPenalty: -1 },
      { penaltyEvery: 0 },
      { instanceNoise: 11 },
      { r2: 1e6 + 1 },
      { learningRate: 0 },
      { channels: 5 },
      { size: 520 },
      { size: "64x64" },
      { size: "8x40" },
      { size: 60 },
      { base: 1 },
      { base: 3 },
      { kernel: 3 },
      { maxMaps: 32 },
      { data: "" },
      { dataOptions: { a: null } },
      { dataOptions: { a: Infinity } },
      { out: 3 },
      { ngf: Infinity },
    ]
  ) {
    assertThrows(() => checkOptions(loose(bad)), ConfigError, `"${Object.keys(bad)[0]}" must `);
  }
});

Deno.test("parseConfig() reads back what formatConfig() wrote", () => {
  const config = resolveConfig({
    data: "folder",
    dataRoot: "photos",
    dataOptions: { gray: true, share: 0.1 },
    size: 28,
  });
  assertEquals(parseConfig(formatConfig(config)), config);
  assertFalse("epochs" in config);
});

Deno.test("parseConfig() reads configs of before there was a choice of precision", () => {
  const { precision, ...earlier } = resolveConfig({});
  assertEquals(precision, "f32");
  assertEquals(parseConfig(JSON.stringify(earlier)), { ...earlier, precision: "f32" });
  assertThrows(
    () => parseConfig(JSON.stringify({ ...earlier, precision: "f8" })),
    ConfigError,
    `"precision" must be "f32" or "f16", found "f8"`,
  );
});

Deno.test("parseConfig() reads configs of before a run could roll back or change its options", () => {
  const { onNan, ...earlier } = resolveConfig({});
  assertEquals([onNan, "changes" in earlier], ["stop", false]);
  assertEquals(parseConfig(JSON.stringify(earlier)), { ...earlier, onNan: "stop" });
  const { more, override } = resolveConfig({ resume: "runs/a", more: 5, override: true }) as TrainOptions;
  assertEquals([more, override], [undefined, undefined]);
});

Deno.test("parseConfig() reads configs of before there was a choice of norm, or of penalties", () => {
  const { dNorm, gNorm, labelSmoothing, r1, r2, ...earlier } = resolveConfig({});
  const added = { dNorm, gNorm, labelSmoothing, r1, r2 };
  assertEquals(added, { dNorm: "batch", gNorm: "batch", labelSmoothing: 0, r1: 0, r2: 0 });
  assertEquals(parseConfig(JSON.stringify(earlier)), { ...earlier, ...added });
});

Deno.test("parseConfig() names the file and every field that is missing, unknown or not allowed", () => {
  const { ngf: _, ...config } = resolveConfig({});
  const error = assertThrows(
    () => parseConfig(JSON.stringify({ ...config, size: "64", nz: 100 }), "runs/a/config.json"),
    ConfigError,
    "Cannot use runs/a/config.json",
  );
  assertEquals(error.issues.map((issue) => issue.option).sort(), ["ngf", "nz", "size"]);
  assertStringIncludes(error.message, `"ngf" is missing`);
  assertStringIncludes(error.message, `found "64"`);
});

Deno.test("parseConfig() refuses other versions, other JSON and no JSON", () => {
  assertThrows(() => parseConfig(`{"version":2}`), ConfigError, `"version" must be 1`);
  assertThrows(() => parseConfig("[1]"), SyntaxError, "must hold an object, found [1]");
  assertThrows(() => parseConfig("{"), SyntaxError, "must be JSON");
});

Deno.test("freeRunFolder() takes the first free number and keeps to plain file names", () => {
  const taken = new Set(["runs/faces-1", "runs/faces-2"]);
  assertEquals(freeRunFolder("faces", (path) => taken.has(path)), "runs/faces-3");
  const free = (data: string): string => freeRunFolder(data, () => false);
  assertEquals(free("./my photos/"), "runs/my-photos-1");
  assertEquals(free("../pets.zip"), "runs/pets-1");
  assertEquals(free("https://example.com/sets/stripes.ts"), "runs/stripes-1");
  assertEquals(free("../.."), "runs/run-1");
});

Deno.test("optionProblem() names the nearest of many numbers", () => {
  const cases: [unknown, string][] = [
    [62, "62; nearest: 56 and 64"],
    [7, "7; nearest: 8"],
    [1000, "1000; nearest: 512"],
  ];
  for (const [size, end] of cases) {
    assertEquals(optionProblem("size", size)?.split(", found ")[1], end);
  }
  for (const size of ["", "wide", NaN, null]) assertFalse(optionProblem("size", size)!.includes("nearest"));
  assertFalse(optionProblem("kernel", 2)!.includes("nearest"), "two choices need no help");
});

Deno.test("parseConfig() refuses names that every object has, by name", () => {
  const config = JSON.parse(formatConfig(resolveConfig({})));
  for (const name of ["__proto__", "constructor", "hasOwnProperty", "toString", ""]) {
    const text = JSON.stringify(config).replace(/\}$/, `,${JSON.stringify(name)}:[]}`);
    const error = assertThrows(
      () => parseConfig(text),
      ConfigError,
      `"${name}" is not an option; allowed are`,
    );
    assertEquals(error.issues.map(({ option }) => option), [name]);
    assertThrows(() => checkOptions(JSON.parse(`{"${name}":1}`)), ConfigError, `"${name}" is not an option`);
  }
});

Deno.test("checkOptions() says what is wrong with whatever it is given", () => {
  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  for (const value of [10n, Symbol("ten"), () => 10, circle, null, [], new Map(), "\ud800"]) {
    const error = assertThrows(() => checkOptions(loose({ steps: value })), ConfigError);
    assertStringIncludes(error.message, `"steps" must be a whole number from 1 to 2147483647, found `);
  }
  for (const options of [null, [], 7]) {
    assertThrows(() => checkOptions(options as TrainOptions), TypeError, "they must be an object, found ");
  }
});

Deno.test("parseConfig() answers any change of a config with a config, or with a typed error", () => {
  const base = formatConfig(resolveConfig({}));
  const [kernels, images] = [{ adapter: "llvmpipe", variants: { sum: "thin" } }, 100];
  let state = 1;
  const below = (limit: number): number => (state = Math.imul(state, 48271) % 0x7fffffff) % limit;
  const pick = <T>(values: readonly T[]): T => values[Math.abs(below(values.length))]!;
  const names = ["__proto__", "constructor", "hasOwnProperty", "version", "images", "", "x"];
  const values: unknown[] = [null, -1, 1e300, 2 ** 53, "", "x", [], {}, [null], { toString: null }, {
    length: 3,
  }, true];
  for (let turn = 0; turn < 2000; turn++) {
    const config = { ...JSON.parse(base), kernels: structuredClone(kernels), images };
    const target = turn % 3 === 0 ? config : pick([config.dataOptions, config.kernels.variants, config]);
    const name = pick([...Object.keys(target), ...names]);
    if (below(4) === 0) delete target[name];
    else Object.defineProperty(target, name, { value: pick(values), enumerable: true, configurable: true });
    const whole = JSON.stringify(config);
    const text = turn % 5 === 0 ? whole.slice(0, Math.abs(below(whole.length))) : whole;
    try {
      parseConfig(text);
    } catch (error) {
      assert(error instanceof ConfigError || error instanceof SyntaxError, `${error} of ${text}`);
    }
  }
});

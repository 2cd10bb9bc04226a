/** Batches and what they must fall into. */
import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { batchUnit } from "../../../src/dcgan/options/batch_issues.ts";
import { checkOptions, parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";

function problems(options: TrainOptions): string[] {
  const { issues } = assertThrows(() => checkOptions(options), ConfigError);
  return issues.map(({ option, problem }) => `${option} ${problem}`);
}

Deno.test("checkOptions() takes parts and packs that divide the batch", () => {
  for (const options of [{ pack: 4 }, { pack: 3, batch: 9 }, { pack: 1, batch: 7 }]) checkOptions(options);
  assertEquals(problems({ pack: 3 }), ["pack must divide the batch, 64, found 3"]);
  assertEquals(problems({ pack: 4, batch: 6 }), ["pack must divide the batch, 6, found 4"]);
  assertEquals(problems({ accumulate: 3 }), ["accumulate must divide the batch, 64, found 3"]);
  assertEquals(problems({ batch: 12, accumulate: 3, pack: 8 }), [
    "pack must divide each of the 3 parts of the batch, 4, found 8",
  ]);
  assertEquals(problems({ dSteps: 0 }), ["dSteps must be a whole number from 1 to 100, found 0"]);
  assertEquals(problems({ gSteps: 101 }), ["gSteps must be a whole number from 1 to 100, found 101"]);
  checkOptions({ batch: 12, accumulate: 3, pack: 2, dSteps: 5, gSteps: 2 });
  assertEquals(problems({ pack: 2.5 }), ["pack must be a whole number from 1 to 64, found 2.5"]);
  // The batch is that of the run, or is still to be chosen
  checkOptions({ resume: "runs/a", override: true, pack: 3 });
  checkOptions({ preset: "auto", pack: 3 });
});

Deno.test("checkOptions() refuses packs of images of several classes", () => {
  for (
    const options of [{ conditional: true }, { conditional: "digit", pack: 1 }, {
      conditional: false,
      pack: 2,
    }]
  ) {
    checkOptions(options);
  }
  assertEquals(problems({ conditional: "digit", pack: 2 }), [
    'pack must be 1 with "conditional", found 2: the images of a pack are of several classes, and it can be told one',
  ]);
  assertEquals(problems({ conditional: "" }), [
    'conditional must be true, false or the name of a label, found ""',
  ]);
});

Deno.test("batchUnit() is what a batch is a multiple of", () => {
  assertEquals([batchUnit({}), batchUnit({ pack: 3 }), batchUnit({ pack: 3, accumulate: 2 })], [1, 3, 6]);
});

Deno.test("parseConfig() reads configs of before there were parts and packs", () => {
  const { pack, dSteps, accumulate, ...earlier } = resolveConfig({});
  assertEquals([pack, dSteps, accumulate], [1, 1, 1]);
  assertEquals(parseConfig(JSON.stringify(earlier)), { ...earlier, pack, dSteps, accumulate });
});

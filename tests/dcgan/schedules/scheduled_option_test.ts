import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { checkOptions, formatConfig, parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError, optionProblem } from "../../../src/dcgan/options/config_issue.ts";
import { optionNames, optionTable } from "../../../src/dcgan/options/option_table.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { SCHEDULED, textOf } from "../../../src/dcgan/schedules/scheduled_values.ts";

const read = (text: string) => optionTable.r1.fromText(text);

Deno.test("SCHEDULED names the options that take schedules, and no other", () => {
  const found = optionNames.filter((name) => optionTable[name].allowed.includes("FROM:TO"));
  assertEquals(found.toSorted(), [...SCHEDULED].toSorted());
});

Deno.test("a schedule is read from the text that is written of it", () => {
  assertEquals(read("20"), 20);
  assertEquals(read("20:2@5000"), { from: 20, to: 2, steps: 5000 });
  for (const text of ["20:2", "20:2@5000", "0:0.5,linear", "1e-7:2@1,linear", "2:1e+3@9"]) {
    const value = read(text);
    assertEquals(optionProblem("r1", value), undefined, text);
    assertEquals(read(textOf(value as number)), value);
  }
  for (
    const text of [
      "20:",
      ":2",
      "20:2@",
      "20:2@1.5",
      "20:2@0",
      "2:2",
      "1:2:3",
      "1:2,step",
      "-1:2",
      "1:2@9@9",
      "a:b",
    ]
  ) {
    const problem = optionProblem("r1", read(text));
    const start = "must be a number from 0 and up to 1000000, or a schedule from one to another, FROM:TO";
    assertEquals(problem?.slice(0, start.length), start, text);
  }
});

Deno.test("checkOptions() holds both ends of a schedule to the range of its option", () => {
  const refuses = (options: object, option: string, words: string) => {
    const { issues } = assertThrows(() => checkOptions(options), ConfigError);
    assertEquals(issues.map((issue) => issue.option), [option]);
    assertEquals(issues[0]!.problem.includes(words), true, issues[0]!.problem);
  };
  refuses({ beta2: { from: 0.9, to: 1 } }, "beta2", 'found {"from":0.9,"to":1}');
  refuses({ learningRate: { from: 0, to: 1e-3 } }, "learningRate", "above 0");
  refuses({ ema: { from: 0.9, to: 0.99, steps: 5, when: 3 } }, "ema", "when");
  refuses({ ema: { from: 0.9 } }, "ema", "or a schedule");
  refuses({ clip: { from: 1, to: 2 } }, "clip", "must be a number from 0");
  refuses(
    { dNorm: "batch", r1: { from: 2, to: 0 } },
    "r1",
    "must be 0 with batch norm in the discriminator, found 2:0",
  );
  refuses(
    { augmentProbability: { from: 0, to: 1 } },
    "augmentProbability",
    'must be 1 without "augment", found 0:1',
  );
  const adapted = { augment: ["flip"], augmentTarget: 0.6, augmentProbability: { from: 0, to: 1, steps: 9 } };
  refuses(adapted, "augmentProbability", 'must be 1 with "augmentTarget", which adapts it, found 0:1@9');
  const late = { steps: 9, beta2: { from: 0.9, to: 0.99, steps: 10 } };
  refuses(late, "beta2", "within the steps of the run, 9, found 10 steps");
  checkOptions({ ...late, steps: 10 });
  const { steps: _, ...open } = late;
  checkOptions(open);
});

Deno.test("a config holds schedules with nothing left open, and is read back", () => {
  const given: TrainOptions = {
    steps: 50,
    dNorm: "none",
    r1: { to: 1, from: 5 },
    ema: { from: 0.9, to: 0.99, steps: 20, shape: "linear" },
    dLearningRate: { from: 1e-3, to: 1e-4 },
  };
  const config = resolveConfig(given);
  assertEquals(config.r1, { from: 5, to: 1, shape: "cosine" });
  assertEquals(config.dLearningRate, { from: 1e-3, to: 1e-4, shape: "cosine" });
  assertEquals(parseConfig(formatConfig(config)), config);
});

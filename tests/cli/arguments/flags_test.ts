import "../../../src/host/on_native.ts";
import { Command } from "@commander-js/extra-typings";
import { assertEquals, assertMatch } from "@std/assert";
import type { DatasetPlugin } from "../../../plugins/datasets/mod.ts";
import {
  addDatasetFlags,
  datasetFlagOf,
  firstOperand,
  takeDatasetOptions,
  valueOf,
} from "../../../src/cli/arguments/dataset_flags.ts";
import { addTrainFlags, flagOf } from "../../../src/cli/arguments/flags.ts";
import { checkOptions } from "../../../src/dcgan/options/config.ts";
import { OPTION_GROUPS } from "../../../src/dcgan/options/option.ts";
import { optionNames, optionTable } from "../../../src/dcgan/options/option_table.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";

const words = (line: string): string[] => line.split(" ").filter((word) => word !== "");

function read(line: string): TrainOptions {
  return addTrainFlags(new Command()).parse(words(line), { from: "user" }).opts();
}

Deno.test("flagOf() writes an option's name as a flag", () => {
  assertEquals([flagOf("learningRate"), flagOf("beta1"), flagOf("dataOptions")], [
    "--learning-rate",
    "--beta1",
    "--data-<option>",
  ]);
});

Deno.test("addTrainFlags() lists every option once, under headings from the most used on", () => {
  const command = addTrainFlags(new Command());
  const help = command.helpInformation();
  const headings = help.match(/^[A-Z].*:$/gm);
  assertEquals(headings, [...OPTION_GROUPS.map((group) => `${group}:`), "Options:"]);
  assertMatch(help, /^Most used:\n {2}--data [^]*--resume [^]*\nData:$/m);
  for (const name of optionNames.filter((name) => name !== "dataOptions")) {
    const { group } = optionTable[name];
    const section = help.split(`\n${group}:\n`)[1]?.split("\n\n")[0];
    assertEquals(
      section?.split("\n").filter((line) => line.startsWith(`  ${flagOf(name)} `)).length,
      1,
      name,
    );
  }
});

Deno.test("addTrainFlags() holds what was given and nothing else", () => {
  assertEquals(read(""), {});
  assertEquals(read("--size 32 --learning-rate 1e-3 --first-layer project --out runs/a"), {
    size: 32,
    learningRate: 1e-3,
    firstLayer: "project",
    out: "runs/a",
  });
  assertEquals(read("--d-learning-rate 4e-4 --schedule cosine --warmup 100 --clip 1"), {
    dLearningRate: 4e-4,
    schedule: "cosine",
    warmup: 100,
    clip: 1,
  });
  assertEquals(read("--optimizer adamw --weight-decay 0.01"), { optimizer: "adamw", weightDecay: 0.01 });
  assertEquals(read("--pack 2 --d-steps 5 --g-steps 3 --accumulate 4"), {
    pack: 2,
    dSteps: 5,
    gSteps: 3,
    accumulate: 4,
  });
  assertEquals(read("--r1 20:2@500 --ema 0:0.9,linear --ema-snapshots 32"), {
    r1: { from: 20, to: 2, steps: 500 },
    ema: { from: 0, to: 0.9, shape: "linear" },
    emaSnapshots: 32,
  });
  assertEquals(
    read("--label-flip 0.05 --gradient-penalty 10:1@99 --penalty-every 8 --instance-noise 0.1:0,linear"),
    {
      labelFlip: 0.05,
      gradientPenalty: { from: 10, to: 1, steps: 99 },
      penaltyEvery: 8,
      instanceNoise: { from: 0.1, to: 0, shape: "linear" },
    },
  );
  assertEquals(read("--conditional --seed 3"), { conditional: true, seed: 3 });
  assertEquals(read("--conditional hair_style"), { conditional: "hair_style" });
  assertEquals(read("--profile"), { profile: true });
  assertEquals(read("--tune"), { tune: true });
  assertEquals(read("--no-tune"), { tune: false });
  assertEquals(read("--no-flip"), { flip: false });
  assertEquals(read("--augment color,cutout"), { augment: ["color", "cutout"] });
  assertEquals(read("--augment none"), { augment: [] });
  assertEquals(read("--resume runs/a --more 5000 --override --batch 128 --on-nan rollback"), {
    resume: "runs/a",
    more: 5000,
    override: true,
    batch: 128,
    onNan: "rollback",
  });
});

const plugin: DatasetPlugin = {
  apiVersion: 1,
  name: "set",
  options: {
    gray: { type: "boolean", description: "gray", default: false },
    share: { type: "number", description: "share", default: 1, maximum: 1 },
    hair_color: { type: "string", description: "color", default: "any", enum: ["any", "red"] },
    root: { type: "string", description: "root", default: "" },
  },
  open: () => ({ length: 1, shape: [1, 1, 1], read() {} }),
};

Deno.test("addDatasetFlags() makes each of a plugin's options a flag", async () => {
  assertEquals(["within", "hair_color", "colorMap"].map(datasetFlagOf), [
    "--data-within",
    "--data-hair-color",
    "--data-color-map",
  ]);
  const cases: [string, Record<string, string | number | boolean>][] = [
    ["", {}],
    ["--data-gray --data-share 0.5 --data-hair-color red", { gray: true, share: 0.5, hair_color: "red" }],
    ["--data-gray false", { gray: false }],
    ["--data-hair-color=any", { hair_color: "any" }],
  ];
  for (const [line, expected] of cases) {
    const command = new Command().option("--size <pixels>", "size", Number);
    await addDatasetFlags(command, { specifier: "set", plugin });
    const parsed = command.parse([...words(line), "--size", "32"], { from: "user" }).opts();
    assertEquals(takeDatasetOptions(parsed, plugin), { dataOptions: expected, rest: { size: 32 } });
  }
});

Deno.test("valueOf() and firstOperand() find what names the dataset", () => {
  assertEquals(valueOf("--data", words("--size 32 --data mnist")), "mnist");
  assertEquals(valueOf("--data", words("--data=./a.ts --data-split test")), "./a.ts");
  assertEquals(valueOf("--data", words("--data faces --data mnist")), "mnist");
  assertEquals(valueOf("--data", words("--size 32 --data")), undefined);
  assertEquals(valueOf("--data", []), undefined);
  for (const line of ["mnist", "mnist --out a.png", "--out a.png mnist", "--out=a.png --offline mnist"]) {
    assertEquals(firstOperand(words(line)), "mnist");
  }
  assertEquals(firstOperand(words("--out a.png")), undefined);
});

Deno.test("firstOperand() knows which flags stand alone", () => {
  // The options of the dataset itself have flags of their own
  for (const name of optionNames.filter((name) => name !== "dataOptions")) {
    const { value }: { value?: string } = optionTable[name];
    const operand = firstOperand([flagOf(name), "one", "two"]);
    assertEquals([name, operand], [name, value === undefined ? "one" : "two"]);
  }
});

Deno.test("addTrainFlags() reads the whole command of the manual", () => {
  const options = read(
    "--data mnist --data-root DIR --size 32 --channels 1 --ngf 32 --ndf 32 --latent 100 --batch 64 --steps 1000 " +
      "--seed 1 --out DIR",
  );
  checkOptions(options);
  assertEquals(options, {
    data: "mnist",
    dataRoot: "DIR",
    size: 32,
    channels: 1,
    ngf: 32,
    ndf: 32,
    latent: 100,
    batch: 64,
    steps: 1000,
    seed: 1,
    out: "DIR",
  });
});

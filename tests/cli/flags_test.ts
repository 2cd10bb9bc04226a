import { Command } from "@commander-js/extra-typings";
import { assertEquals } from "@std/assert";
import { addTrainFlags, flagOf, trainOptions } from "../../src/cli/flags.ts";
import { checkOptions } from "../../src/dcgan/config.ts";
import type { TrainOptions } from "../../src/dcgan/options.ts";

function read(line: string): TrainOptions {
  const command = addTrainFlags(new Command());
  return trainOptions(command.parse(line.split(" ").filter((word) => word !== ""), { from: "user" }).opts());
}

Deno.test("flagOf() writes an option's name as a flag", () => {
  assertEquals([flagOf("learningRate"), flagOf("beta1"), flagOf("dataOptions")], [
    "--learning-rate",
    "--beta1",
    "--data-option",
  ]);
});

Deno.test("trainOptions() holds what was given and nothing else", () => {
  assertEquals(read(""), {});
  assertEquals(read("--size 32 --learning-rate 1e-3 --first-layer project --out runs/a"), {
    size: 32,
    learningRate: 1e-3,
    firstLayer: "project",
    out: "runs/a",
  });
  assertEquals(read("--profile"), { profile: true });
  assertEquals(read("--tune"), { tune: true });
  assertEquals(read("--no-tune"), { tune: false });
});

Deno.test("trainOptions() gathers repeated data options, their values as text", () => {
  const options = read(
    "--data-option grey=true --data-option share=0.5 --data-option label=a=b --data-option empty=",
  );
  assertEquals(options, { dataOptions: { grey: "true", share: "0.5", label: "a=b", empty: "" } });
  checkOptions(options);
});

Deno.test("trainOptions() reads the whole command of the manual", () => {
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

/**
 * `deno task bench:speedrun`: how long each recipe trains until its samples reach a fixed score. Each row adds
 * one thing to the row before.
 */
import "../../src/host/on_native.ts";
import { Command, Option } from "@commander-js/extra-typings";
import { openDevice } from "../../src/gpu/mod.ts";
import { toPositive, USAGE_EXIT_CODE } from "../options.ts";
import { ENTRIES } from "./entries.ts";
import { formatSpeedrun, speedrun } from "./speedrun.ts";

const options = new Command("deno task bench:speedrun")
  .description("Trains recipes until their samples reach a score, and shows steps and seconds.")
  .option("--data <name>", "dataset, by default with MNIST's digits", "mnist")
  .addOption(
    new Option("--score-by <name>", "score to reach").choices(["swd", "frechet"] as const).default(
      "frechet" as const,
    ),
  )
  .option("--seeds <numbers>", "seeds (default: 1)", (text) => text.split(",").map(toPositive), [1])
  .option("--target <distance>", "what the score must come down to (default: 20)", toPositive, 20)
  .option("--every <steps>", "steps between scores (default: 100)", toPositive, 100)
  .option("--most <steps>", "steps after which a run is given up (default: 4000)", toPositive, 4000)
  .option("--timings <count>", "times that a step is timed, of which the least counts", toPositive, 4)
  .option("--out <folder>", "folder of the runs", "runs/speedrun")
  .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
  .parse([...Deno.args], { from: "user" }).opts();

using device = await openDevice();
const rows = await speedrun(device, ENTRIES, options, (line) => console.error(line));
console.log(`\n${formatSpeedrun(device.adapter.name, options, rows)}`);

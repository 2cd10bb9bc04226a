/**
 * `deno task bench:dial`: whether what `--minutes` chooses is as good as the best of what could be tried by hand in the
 * same time each.
 */
import "../../src/host/on_native.ts";
import { Command } from "@commander-js/extra-typings";
import { openDevice } from "../../src/gpu/mod.ts";
import { toPositive, USAGE_EXIT_CODE } from "../options.ts";
import { configurations } from "./configurations.ts";
import { compareDial } from "./dial.ts";
import { formatDial } from "./dial_table.ts";

const { tried, out, plan: planOnly, ...rest } = new Command("deno task bench:dial")
  .description(
    "Trains what auto chooses for a number of minutes beside other configurations, each for the same time, of which the " +
      "better ones go on: 20 take an eighth of it, 6 two fifths, and 3 all.",
  )
  .option("--data <name>", "dataset", "faces")
  .option("--data-root <folder>", "folder of the dataset's files, if they are not in the cache")
  .option("--minutes <count>", "minutes of each (default: 10)", toPositive, 10)
  .option("--tried <count>", "configurations to try (default: 20)", toPositive, 20)
  .option("--seed <number>", "seed of all runs (default: 1)", toPositive, 1)
  .option("--scored <count>", "samples that are scored (default: 2000)", toPositive, 2000)
  .option(
    "--timings <count>",
    "times that each step is timed, of which the least counts (default: 2)",
    toPositive,
    2,
  )
  .option("--plan", "only time the steps, which wants a quiet machine: later calls take as many", false)
  .option("--out <folder>", "where everything goes; what is there already is not done again", "runs/dial")
  .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
  .parse([...Deno.args], { from: "user" }).opts();

const rounds = [{ share: 1 / 8, keep: tried }, { share: 2 / 5, keep: 6 }, { share: 1, keep: 3 }];
using device = await openDevice();
const options = { ...rest, rounds, planOnly, out, configurations: configurations(tried) };
const rows = await compareDial(device, options, (line) => console.error(line));
console.log(`\n${formatDial(device.adapter.name, options, rows)}`);

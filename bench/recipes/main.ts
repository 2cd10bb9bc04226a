/**
 * `deno task bench:recipes`: trains the recipes on kinds of folders that people have, each for the same time, and shows
 * scores and samples beside each other.
 */
import "../../src/host/on_native.ts";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { openDevice } from "../../src/gpu/mod.ts";
import { toPositive, USAGE_EXIT_CODE } from "../options.ts";
import { compareRecipes } from "./compare_recipes.ts";
import { KINDS } from "./kinds.ts";
import { formatComparison } from "./recipe_tables.ts";

const names = KINDS.map(({ name }) => name);
const command = new Command("deno task bench:recipes")
  .description(
    "Trains presets for the same time on kinds of folders, and shows scores and samples side by side.",
  )
  .option("--kinds <names>", `folders, of ${names.join(", ")} (default: all)`, (text) => chosen(text, names))
  .option("--presets <names>", "presets (default: auto,pytorch)", (text) => text.split(","))
  .option("--minutes <count>", "minutes of each run (default: 10)", toPositive)
  .option("--seeds <numbers>", "seeds (default: 1,2,3)", (text) => text.split(",").map(toPositive))
  .option("--out <folder>", "where everything goes; what is there already is not done again", "runs/recipes")
  .option(
    "--timings <count>",
    "times that each step is timed, of which the least counts (default: 4)",
    toPositive,
  )
  .option("--plan", "only time the steps, which wants a quiet machine: later calls take as many", false)
  .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE));
const {
  kinds = names,
  presets = ["auto", "pytorch"],
  minutes = 10,
  seeds = [1, 2, 3],
  timings = 4,
  out,
  plan,
} = command
  .parse([...Deno.args], { from: "user" }).opts();

using device = await openDevice();
const compared = await compareRecipes(
  device,
  {
    kinds: KINDS.filter(({ name }) => kinds.includes(name)),
    presets,
    minutes,
    seeds: plan ? [] : seeds,
    out,
    scored: 2000,
    timings,
  },
  (line) => console.error(line),
);
console.log(formatComparison(device.adapter.name, minutes, compared));

function chosen(text: string, from: readonly string[]): string[] {
  const wanted = text.split(",");
  const unknown = wanted.find((name) => !from.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`They are ${from.join(", ")}, found ${unknown}.`);
  return wanted;
}

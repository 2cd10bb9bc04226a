/**
 * `deno task bench:few`: what recipes make of a hundred pictures of one class: whether samples become copies, and look
 * like other pictures of the class.
 */
import "../../src/host/on_native.ts";
import { Command } from "@commander-js/extra-typings";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { openDevice } from "../../src/gpu/mod.ts";
import { toWhole, USAGE_EXIT_CODE } from "../options.ts";
import { compareFew, formatFew } from "./few.ts";

/** Small networks, as in the row of `docs/recipes.md` for few pictures. */
const WIDTHS = { ngf: 16, ndf: 32, batch: 16 } as const satisfies TrainOptions;

/** What is compared. */
const RECIPES: Readonly<Record<string, TrainOptions>> = {
  few: { preset: "few", ...WIDTHS },
  ada: { preset: "few", ...WIDTHS, augmentTarget: 0.6 },
  modern: { preset: "modern", ...WIDTHS },
  pytorch: { preset: "pytorch", ngf: 32, ndf: 32, batch: 16 },
};

const names = Object.keys(RECIPES);
const { recipes, ...rest } = new Command("deno task bench:few")
  .description(
    "Trains recipes on a few pictures of one class, and compares samples with these and with others of it.",
  )
  .option("--data <name>", "dataset with classes", "cifar10")
  .option("--data-root <folder>", "folder of the dataset's files, if they are not in the cache")
  .option("--size <pixels>", "edge of the images (default: 32)", toWhole, 32)
  .option("--class <name>", "class", "cat")
  .option("--pictures <count>", "pictures to train on (default: 100)", toWhole, 100)
  .option("--recipes <names>", `recipes, of ${names.join(", ")}`, (text) => text.split(","), names)
  .option("--steps <count>", "steps of each (default: 4000)", toWhole, 4000)
  .option("--every <steps>", "steps between scores (default: 1000)", toWhole, 1000)
  .option("--scored <count>", "samples that are scored (default: 1000)", toWhole, 1000)
  .option("--out <folder>", "where everything goes; what is there already is not done again", "runs/few")
  .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
  .parse([...Deno.args], { from: "user" }).opts();

const chosen = Object.fromEntries(recipes.map((name) => {
  if (!RECIPES[name]) throw new RangeError(`--recipes must be of ${names.join(", ")}, found ${name}`);
  return [name, RECIPES[name]];
}));
using device = await openDevice();
const rows = await compareFew(device, { ...rest, recipes: chosen }, (line) => console.error(line));
console.log(`\n${formatFew(device.adapter.name, rest, rows)}`);

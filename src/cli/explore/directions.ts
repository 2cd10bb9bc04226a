import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { Command } from "@commander-js/extra-typings";
import type { FactorDirection } from "../../dcgan/explore/directions/factor_directions.ts";
import type { LatentDirection } from "../../dcgan/explore/directions/latent_direction.ts";
import { integer, number } from "../../dcgan/options/option.ts";
import { checkSamplesOut, freePath } from "../arguments/check_paths.ts";
import { given } from "../arguments/given.ts";
import { invocation } from "../arguments/invocation.ts";
import { optionOf } from "../arguments/option_of.ts";
import { UsageError } from "../errors.ts";
import type { Session } from "../session.ts";
import { printable } from "../terminal/printable.ts";
import { counted, table } from "../terminal/text.ts";
import { dataFlags } from "./data_flags.ts";
import { drawing } from "./drawing.ts";
import { addExploringCommand, checkRun, drawingOptions } from "./generator_command.ts";
import { seedFlag, seedsFlag } from "./picture_flags.ts";

/** Adds `directions` to the program. */
export function addDirectionsCommand(program: Command, session: Session): void {
  const command = addExploringCommand(program, {
    name: "directions",
    description: "find directions in the latent space along which images change, draw them, give them names",
    out: "PNG to write (default: the first free directions.png)",
  })
    .addOption(
      new Option("--pictures", "directions that change images most, measured on samples")
        .conflicts(["factors", "only"]),
    )
    .addOption(
      new Option(
        "--factors [labels]",
        "directions of what the dataset's labels say: all labels, or some, as a,b",
      )
        .argParser((text) => text.split(",").map((label) => label.trim()))
        .conflicts("only"),
    )
    .addOption(
      new Option("--only <names>", "draw these directions that have names, as a,b, and look for no others")
        .argParser((text) => text.split(",").map((name) => name.trim())),
    )
    .addOption(
      new Option("--name <number=name>", "keep a direction by a name; may be given several times")
        .argParser(readName),
    )
    .addOption(optionOf("--count <directions>", "how many (default: 10)", integer(1, 2048)))
    .addOption(
      optionOf(
        "--samples <count>",
        "samples to measure with, for --pictures and --factors (default: 4096)",
        integer(16, 65536),
      ),
    )
    .addOption(seedsFlag("what to move along them (default: 1)", 1, 64))
    .addOption(
      optionOf(
        "--range <sigmas>",
        "how far to move them to either side, in standard deviations of the latents (default: 3)",
        number({ above: 0, to: 100 }),
      ),
    )
    .addOption(seedFlag());
  dataFlags(command)
    .addHelpText(
      "after",
      `
Three ways to find directions:
  (neither)   those that the generator's first layer stretches most, in closed form; takes no time
  --pictures  those that change images most, measured on samples; usually clearer
  --factors   those of the dataset's labels, if it has any: two small networks learn to read them off images,
              each from half of the data, and each reads half of the samples. A direction counts as found if
              both halves agree on it

Each row of the picture is a direction, with its number or name at the left. A row goes from --range standard
deviations against it, over the sample itself in the middle, to as many along it. Names are kept in
directions.json in the run folder; project --move and directions --only use them.

Examples:
  $ ${invocation()} directions runs/faces-1
  $ ${invocation()} directions runs/faces-1 --pictures --seeds 1,7:3,7:8
  $ ${invocation()} directions runs/faces-1 --pictures --name 3=brightness --name 5=hair
  $ ${invocation()} directions runs/faces-1 --only brightness,hair --range 5
  $ ${invocation()} directions runs/faces-1 --factors
  $ ${invocation()} directions runs/faces-1 --factors smile,turn --name 1=smile --name 2=turn`,
    )
    .action(async (run, { out: to, overwrite = false, pictures = false, factors, only, name, ...flags }) => {
      if (!await checkRun(run, session, flags)) return;
      const options = await drawingOptions("directions", flags);
      const out = to ?? await freePath("directions", ".png");
      await checkSamplesOut(out, "file", overwrite);
      const method = factors ? "factors" as const : pictures ? "pictures" as const : undefined;
      const labels = Array.isArray(factors) ? factors : undefined;
      await drawing(session, async ({ device, report, progress, signal }) => {
        const { directions } = await import("../../dcgan/explore/directions/directions.ts");
        const found = await directions(device, run, {
          ...options,
          ...given({ method, labels, named: only, names: name }),
          ...{ report, progress, signal, out },
        });
        for (const line of factorLines(found.directions)) report(line);
        const names = found.namesPath === undefined ? "" : `; names: ${printable(found.namesPath)}`;
        return {
          paths: [out, ...found.namesPath === undefined ? [] : [found.namesPath]],
          found: found.directions.map(({ vector: _, ...measured }) => measured),
          warnings: found.warnings,
          summary: `${counted(found.directions.length, "direction")}: ${out}${names}`,
        };
      });
    });
}

/** Reads `3=smile`, beside what was read before. */
function readName(text: string, before: Record<number, string> = {}): Record<number, string> {
  const [, number, name] = /^(\d+)=(.+)$/.exec(text) ?? [];
  if (number === undefined || name === undefined) {
    throw new InvalidArgumentError("It must be the number of a direction and its name, such as 3=smile.");
  }
  if (before[Number(number)] !== undefined) {
    throw new UsageError(`--name must be given once for each direction, found two names for ${number}`);
  }
  return { ...before, [Number(number)]: name };
}

/** What was measured of directions of factors; empty if there are none. */
function factorLines(directions: readonly (LatentDirection | FactorDirection)[]): string[] {
  const factors = directions.filter((one) => "agreement" in one);
  if (factors.length === 0) return [];
  const rows = factors.map(({ name, agreement, linear, readable, reason, also }) => [
    printable(name),
    agreement.toFixed(2),
    linear.toFixed(2),
    readable.toFixed(2),
    reason === undefined ? "found" : `not found: ${reason}`,
    also === undefined ? "" : `${also.name} (${also.cosine.toFixed(2)})`,
  ]);
  const found = factors.filter((one) => one.found).length;
  return [
    ...table([["factor", "agree", "linear", "read", "", "also changes"], ...rows]).trimEnd().split("\n"),
    "agree: cosine of two estimates that share no image and no sample; found means 0.8 or more",
    "linear: correlation of the factor in samples with their place along the direction",
    "read: correlation of what is read off real images with their labels",
    "also changes: what of other labels changes most along the direction (cosine with that one's)",
    `${found} of ${counted(factors.length, "factor")} found`,
  ];
}

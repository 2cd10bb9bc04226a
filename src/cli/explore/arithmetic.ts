import { type Command, Option } from "@commander-js/extra-typings";
import { groupKind } from "../../dcgan/explore/arithmetic/groups.ts";
import { integer } from "../../dcgan/options/option.ts";
import { checkSamplesOut, freePath } from "../arguments/check_paths.ts";
import { invocation } from "../arguments/invocation.ts";
import { optionOf } from "../arguments/option_of.ts";
import { UsageError } from "../errors.ts";
import type { Session } from "../session.ts";
import { printable } from "../terminal/printable.ts";
import { dataFlags } from "./data_flags.ts";
import { drawing } from "./drawing.ts";
import { addExploringCommand, checkRun, drawingOptions } from "./generator_command.ts";
import { seedFlag, seedsFlag } from "./picture_flags.ts";

/** Adds `arithmetic` to the program. */
export function addArithmeticCommand(program: Command, session: Session): void {
  const command = addExploringCommand(program, {
    name: "arithmetic",
    description: "add and subtract what samples have in common: A - B + C of their mean latent vectors",
    out: "PNG to write (default: the first free arithmetic.png)",
  })
    .addOption(optionOf("--a <samples>", "samples that have something, as 1:5,1:9,1:40", groupKind()))
    .addOption(optionOf("--b <samples>", "samples that lack it", groupKind()))
    .addOption(
      optionOf("--c <samples>", "samples that will get it (default: move others along A - B)", groupKind()),
    )
    .addOption(new Option("--name <name>", "keep the direction of A - B by a name, for project --move"))
    .addOption(
      optionOf(
        "--exemplars <count>",
        "samples of a group such as glasses=round (default: 3)",
        integer(1, 64),
      ),
    )
    .addOption(
      optionOf(
        "--count <samples>",
        "numbered samples, if no groups are given (default: 64)",
        integer(1, 1024),
      ),
    )
    .addOption(seedFlag())
    .addOption(seedsFlag("samples to move along A - B (default: the first four of --seed)", 1, 64));
  dataFlags(command)
    .addHelpText(
      "after",
      `
1. Without --a, it draws numbered samples: 1:5 is sample 5 of seed 1, counted from 0, as in sample --seed 1.
2. Pick some that have something in common, three or so for each group, and name them with --a, --b and --c.
   The means of their latent vectors are added and subtracted; one sample alone would hardly do.
3. With --a and --b only, other samples are moved along A - B: from looking left to looking right, say.

If the dataset has labels, a group may say what its samples have in common: glasses=round, smile=high (or low),
or several, as skin=peach,smile=high. Small networks that learn to read the labels then choose the samples.

Examples:
  $ ${invocation()} arithmetic runs/faces-1 --out numbered.png
  $ ${invocation()} arithmetic runs/faces-1 --a 1:5,1:9,1:40 --b 1:2,1:3,1:17 --c 1:0,1:6,1:8
  $ ${invocation()} arithmetic runs/faces-1 --a 1:5,1:9 --b 1:2,1:3 --name glasses
  $ ${invocation()} arithmetic runs/faces-1 --a hair_style=long --b hair_style=short --c skin=espresso
  $ ${invocation()} arithmetic runs/faces-1 --a turn=high --b turn=low --exemplars 8 --name turn`,
    )
    .action(async (run, { out: to, overwrite = false, ...flags }) => {
      const { a, b, c, name } = flags;
      if (!a !== !b || c && !a) {
        throw new UsageError("--a and --b must be given together, and --c besides or not");
      }
      if (name !== undefined && !a) throw new UsageError("--name must be given with --a and --b");
      if (!await checkRun(run, session, flags)) return;
      const options = await drawingOptions("arithmetic", flags);
      const out = to ?? await freePath("arithmetic", ".png");
      await checkSamplesOut(out, "file", overwrite);
      await drawing(session, async ({ device, report, progress, signal }) => {
        const { arithmetic } = await import("../../dcgan/explore/arithmetic/arithmetic.ts");
        const { shows, groups, namesPath, warnings } = await arithmetic(device, run, {
          ...options,
          ...{ out, report, progress, signal },
        });
        for (const [group, places] of Object.entries(groups)) {
          report(`${group.toUpperCase()}: ${places.join(", ")}`);
        }
        const what = {
          samples: "numbered samples, for --a, --b and --c",
          result: "A - B + C",
          vector: "samples along A - B",
        }[shows];
        const names = namesPath === undefined ? "" : `; names: ${printable(namesPath)}`;
        const found = Object.entries(groups).map(([group, samples]) => ({ group, samples }));
        return {
          paths: [out, ...namesPath === undefined ? [] : [namesPath]],
          found,
          warnings,
          summary: `${what}: ${printable(out)}${names}`,
        };
      });
    });
}

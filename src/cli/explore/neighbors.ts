import type { Command } from "@commander-js/extra-typings";
import { integer } from "../../dcgan/options/option.ts";
import { checkSamplesOut, freePath } from "../arguments/check_paths.ts";
import { given } from "../arguments/given.ts";
import { invocation } from "../arguments/invocation.ts";
import { optionOf } from "../arguments/option_of.ts";
import type { Session } from "../session.ts";
import { counted, table } from "../terminal/text.ts";
import { dataFlags } from "./data_flags.ts";
import { drawing } from "./drawing.ts";
import { addExploringCommand, checkRun, drawingOptions } from "./generator_command.ts";
import { seedFlag, seedsFlag } from "./picture_flags.ts";

/** Adds `neighbors` to the program. */
export function addNeighborsCommand(program: Command, session: Session): void {
  const command = addExploringCommand(program, {
    name: "neighbors",
    description: "show the images of the dataset that are nearest to samples: are these copies?",
    out: "PNG to write (default: the first free neighbors.png)",
  })
    .addOption(optionOf("--count <samples>", "how many samples (default: 8)", integer(1, 64)))
    .addOption(seedFlag())
    .addOption(seedsFlag("samples to look at, in place of --count of --seed", 1, 64))
    .addOption(
      optionOf(
        "--images <count>",
        "images of the dataset to compare with at most, kept in memory (default: 20000)",
        integer(2, 10_000_000),
      ),
    )
    .option("--no-features", "compare pixels only, without a classifier of the dataset's classes");
  dataFlags(command)
    .addHelpText(
      "after",
      `
The picture has a column for each sample: the sample, the nearest image by its pixels, and the nearest by what
a classifier of the dataset's classes sees, each with its distance. Of pixels that is the root mean square
difference in levels of 0 to 255. A red frame marks a sample that looks like a copy: its distance to the
nearest image is less than half of that between images of the data.

Examples:
  $ ${invocation()} neighbors runs/faces-1
  $ ${invocation()} neighbors runs/faces-1 --from best --count 16 --out pairs.png
  $ ${invocation()} neighbors runs/photos-1 --seeds 1:5,1:9 --images 100000`,
    )
    .action(async (run, { out: to, overwrite = false, features, ...flags }) => {
      if (!await checkRun(run, session, flags)) return;
      const options = await drawingOptions("neighbors", flags);
      const out = to ?? await freePath("neighbors", ".png");
      await checkSamplesOut(out, "file", overwrite);
      await drawing(session, async ({ device, report, progress, signal }) => {
        const { neighbors } = await import("../../dcgan/explore/neighbors/neighbors.ts");
        const { samples, compared, warnings } = await neighbors(device, run, {
          ...options,
          ...given({ features: features ? undefined : false as const }),
          ...{ out, report, progress, signal },
        });
        const rows = samples.map(({ place, pixels, features, ratio, isCopy }) => [
          `${place}`,
          `image ${pixels.index}`,
          ...features === undefined ? [] : [`image ${features.index}`],
          ratio.toFixed(2),
          isCopy ? "looks like a copy" : "",
        ]);
        const described = samples.some(({ features }) => features !== undefined);
        const heading = ["sample", "by pixels", ...described ? ["by features"] : [], "distance", ""];
        for (const line of table([heading, ...rows]).trimEnd().split("\n")) report(line);
        report("distance: to the nearest image, over that between images of the data; below 0.5 is a copy");
        const copies = samples.filter(({ isCopy }) => isCopy).length;
        const verdict = copies === 0 ? "none looks like a copy" : `${copies} look like copies`;
        return {
          paths: [out],
          found: samples.map((sample) => ({ ...sample })),
          warnings,
          summary: `${
            counted(samples.length, "sample")
          } and their nearest of ${compared} images, ${verdict}: ${out}`,
        };
      });
    });
}

import { type Command, Option } from "@commander-js/extra-typings";
import { INTERPOLATION_KIND } from "../../dcgan/explore/latents/between.ts";
import { integer } from "../../dcgan/options/option.ts";
import { checkSamplesOut, freePath } from "../arguments/check_paths.ts";
import { invocation } from "../arguments/invocation.ts";
import { optionOf } from "../arguments/option_of.ts";
import type { Session } from "../session.ts";
import { counted } from "../terminal/text.ts";
import { drawing } from "./drawing.ts";
import { addGeneratorCommand, checkRun, drawingOptions } from "./generator_command.ts";
import { fpsFlag, latentsFlag, paddingFlag, scaleFlag, seedsFlag } from "./picture_flags.ts";

/** Adds `interpolate` to the program. */
export function addInterpolateCommand(program: Command, session: Session): void {
  addGeneratorCommand(program, {
    name: "interpolate",
    description: "draw the images between some of a trained generator, in rows, in a square or as a film",
    out: "PNG or film to write (default: the first free interpolation.png)",
    classes: "the first",
  })
    .addOption(seedsFlag("what to go between (default: 1,2,3,4)", 2, 256))
    .addOption(latentsFlag())
    .addOption(
      new Option(
        "--layout <name>",
        "strip: a row from each image to the next; grid: a square between four; film: one after another " +
          "(default: strip in a PNG, else film)",
      ).choices(["strip", "grid", "film"] as const),
    )
    .addOption(
      optionOf(
        "--steps <images>",
        "images from one to the next, both counted (default: 8, 40 in a film)",
        integer(2, 256),
      ),
    )
    .option("--loop", "go from the last back to the first")
    .addOption(
      optionOf(
        "--interpolation <name>",
        "linear or spherical (default: spherical for normal latents, linear for uniform ones)",
        INTERPOLATION_KIND,
      ),
    )
    .addOption(paddingFlag())
    .addOption(scaleFlag("(default: 1; in a film, what makes it 256 pixels high)"))
    .addOption(fpsFlag("20"))
    .addHelpText(
      "after",
      `
Which seeds? Draw a grid of samples, and count from 0 in reading order: image 23 of --seed 7 is the seed 7:23.

Examples:
  $ ${invocation()} interpolate runs/faces-1
  $ ${invocation()} interpolate runs/faces-1 --seeds 1,5,9
  $ ${invocation()} interpolate runs/faces-1 --seeds 7:23,7:40 --steps 12 --scale 4 --out strip.png
  $ ${invocation()} interpolate runs/faces-1 --seeds 1,2,3,4 --layout grid --out square.png
  $ ${invocation()} interpolate runs/faces-1 --seeds 1,5,9 --loop --out there-and-back.webp
  $ ${invocation()} interpolate runs/mnist-1 --seeds 1,2 --class 3 --class 8 --out digits.png`,
    )
    .action(async (run, { out: to, overwrite = false, ...flags }) => {
      if (!await checkRun(run, session, flags)) return;
      const options = await drawingOptions("interpolate", flags);
      const out = to ?? await freePath("interpolation", ".png");
      await checkSamplesOut(out, "file", overwrite);
      await drawing(session, async ({ device, library, signal, frames }) => {
        const progress = frames(out);
        const { count, layout, warnings } = await library.interpolate(device, run, {
          ...options,
          out,
          progress,
          signal,
        });
        const summary = `${counted(count, layout === "film" ? "frame" : "image")}: ${out}`;
        return { paths: [out], images: count, warnings, summary };
      });
    });
}

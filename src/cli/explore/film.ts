import type { Command } from "@commander-js/extra-typings";
import { type FilmResult, SECONDS_KIND } from "../../dcgan/explore/films/film_options.ts";
import { INTERPOLATION_KIND } from "../../dcgan/explore/latents/between.ts";
import { integer } from "../../dcgan/options/option.ts";
import { checkSamplesOut, freePath } from "../arguments/check_paths.ts";
import { invocation } from "../arguments/invocation.ts";
import { optionOf } from "../arguments/option_of.ts";
import { UsageError } from "../errors.ts";
import { loadFilmTraining } from "../load_library.ts";
import type { Session } from "../session.ts";
import { counted, duration } from "../terminal/text.ts";
import { drawing, type DrawingResult, framesOf, writing } from "./drawing.ts";
import { addGeneratorCommand, checkRun, drawingOptions } from "./generator_command.ts";
import { fpsFlag, gridFlag, paddingFlag, scaleFlag, seedFlag, seedsFlag } from "./picture_flags.ts";

/** What a film shows. */
type FilmKind = "training" | "checkpoints" | "walk";

/** Flags that say which it is, for messages. */
const FLAGS: Readonly<Record<FilmKind, string>> = {
  training: "neither --walk nor --redraw",
  checkpoints: "--redraw",
  walk: "--walk",
};

/** Options that only some films have. */
const ONLY: Readonly<Record<string, readonly FilmKind[]>> = {
  seeds: ["walk"],
  interpolation: ["walk"],
  from: ["walk"],
  grid: ["checkpoints"],
  ...Object.fromEntries(
    [
      ...["seed", "count", "classes", "padding", "ema", "emaLength"],
      ...["statistics", "latentDistribution", "truncation", "map"],
    ].map((name) => [name, ["checkpoints", "walk"]]),
  ),
};

/** Adds `film` to the program. */
export function addFilmCommand(program: Command, session: Session): void {
  addGeneratorCommand(program, {
    name: "film",
    description: "make a film: how a run learned, or a walk between the images of its generator",
    out:
      "film to write: .webp, .png, .apng, .gif, or by ffmpeg .mp4, .webm (default: the first free training.webp, ...)",
  })
    .option("--walk", "walk through the images of some seeds and back, without a jump where it begins again")
    .option(
      "--redraw",
      "draw the same latents from each checkpoint that is kept, in place of the pictures in samples/",
    )
    .addOption(seedsFlag("what a walk goes through (default: 4 from --seed on)", 2, 256))
    .addOption(seedFlag())
    .addOption(
      optionOf("--count <images>", "images in a frame of --walk or --redraw (default: 9)", integer(1, 64)),
    )
    .addOption(
      optionOf(
        "--interpolation <name>",
        "linear or spherical (default: spherical for normal latents, linear for uniform ones)",
        INTERPOLATION_KIND,
      ),
    )
    .addOption(
      optionOf("--seconds <number>", "how long it takes (default: 2 for each seed of a walk)", SECONDS_KIND),
    )
    .addOption(fpsFlag("20; 10 for training"))
    .addOption(gridFlag(" of --redraw"))
    .addOption(paddingFlag())
    .addOption(scaleFlag("(default: what makes a frame 256 pixels high)"))
    .addHelpText(
      "after",
      `
Files:
  .webp        small, and plays in browsers and most programs
  .png, .apng  without loss, and larger
  .gif         plays everywhere, in 256 colors a frame
  .mp4, .webm  videos; need ffmpeg on this machine, and the permission to run it

Examples:
  $ ${invocation()} film runs/faces-1
  $ ${invocation()} film runs/faces-1 --seconds 6 --out learning.gif
  $ ${invocation()} film runs/faces-1 --redraw --seed 7 --grid 4x4 --out learning.mp4
  $ ${invocation()} film runs/faces-1 --walk --seeds 1,5,9 --out walk.webp
  $ ${invocation()} film runs/faces-1 --walk --seeds 7:23,7:40 --count 1 --seconds 10 --out faces.mp4`,
    )
    .action(async (run, { out: to, overwrite = false, walk, redraw, ...flags }) => {
      if (walk && redraw) throw new UsageError("--walk cannot be combined with --redraw: give one of them");
      if (!await checkRun(run, session, flags)) return;
      const { kind: repeated, ...options } = await drawingOptions("film", flags) as Record<string, unknown>;
      const kind = walk ? "walk" : redraw ? "checkpoints" : repeated as FilmKind ?? "training";
      // A picture that is made again names the step that it was made at, and its average
      const rest = repeated === undefined ? options : withoutForeign(options, kind);
      for (const [name, kinds] of Object.entries(ONLY)) {
        if (rest[name] === undefined || kinds.includes(kind)) continue;
        throw new UsageError(
          `--${flagName(name)} needs ${kinds.map((one) => FLAGS[one]).join(" or ")}, found ${FLAGS[kind]}`,
        );
      }
      const out = to ?? await freePath(kind, ".webp");
      await checkSamplesOut(out, "file", overwrite);
      const told = ({ frames, seconds, warnings }: FilmResult): DrawingResult => {
        const summary = `${counted(frames, "frame")}, ${duration(seconds)}: ${out}`;
        return { paths: [out], images: frames, warnings, summary };
      };
      if (kind === "training") {
        const { filmTraining } = await loadFilmTraining();
        await writing(
          session,
          async ({ signal, progress }) =>
            told(await filmTraining(run, { ...rest, out, signal, progress: framesOf(out, progress) })),
        );
        return;
      }
      await drawing(session, async ({ device, library, signal, frames }) => {
        const film = kind === "walk" ? library.filmWalk : library.filmCheckpoints;
        return told(await film(device, run, { ...rest, out, signal, progress: frames(out) }));
      });
    });
}

function withoutForeign(options: Record<string, unknown>, kind: FilmKind): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => ONLY[name]?.includes(kind) ?? true));
}

function flagName(option: string): string {
  if (option === "classes") return "class";
  if (option === "ema") return "no-ema";
  return option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

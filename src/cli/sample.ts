import { type Command, Option } from "@commander-js/extra-typings";
import { integer } from "../dcgan/options/option.ts";
import type { SampleFormat } from "../dcgan/sampling/sample_options.ts";
import { checkSamplesOut, freePath } from "./arguments/check_paths.ts";
import { given } from "./arguments/given.ts";
import { invocation } from "./arguments/invocation.ts";
import { optionOf } from "./arguments/option_of.ts";
import { UsageError } from "./errors.ts";
import { drawing } from "./explore/drawing.ts";
import { addGeneratorCommand, checkRun, drawingOptions } from "./explore/generator_command.ts";
import {
  gridFlag,
  latentsFlag,
  paddingFlag,
  scaleFlag,
  seedFlag,
  seedsFlag,
} from "./explore/picture_flags.ts";
import type { Session } from "./session.ts";
import { pictureText, showFlag } from "./terminal/picture_viewer.ts";
import { counted } from "./terminal/text.ts";

/** Formats, and what each writes. */
const FORMATS: Readonly<Record<SampleFormat, string>> = {
  grid: "one PNG with all images",
  images: "a folder with a PNG for each image",
  npy: "one float32 array [N, C, H, W] in [-1, 1]",
};

/** Extensions of the default paths. */
const ENDINGS: Readonly<Record<SampleFormat, string>> = { grid: ".png", images: "", npy: ".npy" };

/** Adds `sample` to the program. */
export function addSampleCommand(program: Command, session: Session): void {
  const formats = Object.entries(FORMATS).map(([name, what]) => `  ${name.padEnd(7)} ${what}`).join("\n");
  addGeneratorCommand(program, {
    name: "sample",
    description: "draw images from a trained generator",
    out: "file or folder to write (default: the first free samples-<seed>, with the format's extension)",
  })
    .addOption(
      optionOf(
        "--count <images>",
        "how many images (default: 64, or of a conditional generator 8 of each class)",
        integer(1, 65536),
      ),
    )
    .addOption(seedFlag())
    .addOption(seedsFlag("draws one sample of each", 1, 4096))
    .addOption(latentsFlag())
    .addOption(
      new Option("--format <name>", "what to write (default: from the extension of --out, else grid)")
        .choices(Object.keys(FORMATS) as SampleFormat[]),
    )
    .addOption(gridFlag())
    .addOption(paddingFlag())
    .addOption(scaleFlag("(default: 1)"))
    .option("--save-latents <file>", ".npy file to write the latents to that the images were drawn from")
    .addOption(showFlag("the grid"))
    .addHelpText(
      "after",
      `
Formats:
${formats}

Examples:
  $ ${invocation()} sample runs/faces-1 --count 64 --seed 7 --out grid.png
  $ ${invocation()} sample runs/faces-1 --count 1000 --format images --out faces
  $ ${invocation()} sample runs/faces-1 --count 1000 --out faces.npy
  $ ${invocation()} sample runs/faces-1 --from best --out best.png
  $ ${invocation()} sample runs/faces-1 --seeds 7:23 --scale 8 --out poster.png
  $ ${invocation()} sample runs/faces-1 --grid 8x3 --truncation 0.7 --out banner.png
  $ ${invocation()} sample runs/faces-1 --repeat banner.png --scale 4 --out larger.png
  $ ${invocation()} sample runs/mnist-1 --class 3 --class 7 --count 20
  $ ${invocation()} sample runs/faces-1 --ema-length 0.07 --out smoother.png
  $ ${invocation()} sample netG.safetensors --count 64
  $ ${invocation()} sample netG.pth --count 64
  $ ${invocation()} sample hf:user/model --count 64`,
    )
    .action(async (run, { format: asked, out: to, overwrite = false, saveLatents, show, ...flags }) => {
      const format = asked ?? formatOf(to);
      if (!await checkRun(run, session, flags)) return;
      const options = await drawingOptions("sample", flags);
      const out = to ?? await freePath(`samples-${options.seed ?? 1}`, ENDINGS[format]);
      await checkSamplesOut(out, format === "images" ? "images" : "file", overwrite);
      if (saveLatents !== undefined) await checkSamplesOut(saveLatents, "file", overwrite, "--save-latents");
      const isDrawn = await drawing(session, async ({ device, library, signal }) => {
        const { paths, count, warnings } = await library.sample(device, run, {
          ...options,
          ...given({ saveLatents }),
          out,
          format,
          signal,
        });
        const [first = out] = paths;
        const written = paths.length > 1 ? `${out}, ${paths.length} files` : first;
        return { paths, images: count, warnings, summary: `${counted(count, "image")}: ${written}` };
      });
      if (isDrawn && format === "grid") {
        session.terminal.write(await pictureText(out, show, session.terminal));
      }
    });
}

/** The format that the extension of a path asks for. */
function formatOf(path: string | undefined): SampleFormat {
  if (path === undefined || /\.png$/i.test(path)) return "grid";
  if (/\.npy$/i.test(path)) return "npy";
  if (!/\.[A-Za-z0-9]+$/.test(path)) return "images";
  throw new UsageError(
    `--out must end in .png or .npy, or name a folder, found "${path}". Change it, or give --format`,
  );
}

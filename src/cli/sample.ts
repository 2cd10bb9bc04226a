import { type Command, Option } from "@commander-js/extra-typings";
import { checkpointChoice, integer } from "../dcgan/options/option.ts";
import { UsageError } from "./errors.ts";
import { Interrupt, INTERRUPT_EXIT_CODE } from "./terminal/interrupt.ts";
import { invocation } from "./arguments/invocation.ts";
import { averageFlag, optionOf } from "./arguments/option_of.ts";
import { loadLibrary } from "./load_library.ts";
import { checkSamplesOut, freePath } from "./arguments/check_paths.ts";
import { pictureText, showFlag } from "./terminal/picture_viewer.ts";
import { printable } from "./terminal/printable.ts";
import type { SampleFormat } from "../dcgan/sample.ts";
import type { Session } from "./session.ts";
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
  program.command("sample")
    .description("draw images from a trained generator")
    .argument(
      "<run>",
      "run folder, one of its checkpoints, or a generator's PyTorch state dict (safetensors)",
    )
    .addOption(
      optionOf(
        "--count <images>",
        "how many images (default: 64, or of a conditional generator 8 of each class)",
        integer(1, 65536),
      ),
    )
    .option(
      "--class <name>",
      "class to draw, by name or by number from 0; may be given several times (default: all, a row for each)",
      (name, names: string[] | undefined) => [...names ?? [], name],
    )
    .addOption(optionOf("--seed <number>", "seed of the latent vectors", integer(0, 2 ** 32 - 1)).default(1))
    .addOption(
      new Option("--format <name>", "what to write (default: from the extension of --out, else grid)")
        .choices(Object.keys(FORMATS) as SampleFormat[]),
    )
    .addOption(
      new Option(
        "--statistics <name>",
        "statistics for batch norms: running statistics, or those of the batch (default: running)",
      ).choices(["running", "batch"] as const),
    )
    .addOption(
      new Option(
        "--latent-distribution <name>",
        "distribution of the latents: N(0, 1), or uniform on [-1, 1] (default: that of the run, else normal)",
      ).choices(["normal", "uniform"] as const),
    )
    .addOption(
      optionOf(
        "--from <checkpoint>",
        "which checkpoint to draw from: best, last, or a step (default: last)",
        checkpointChoice(),
      ),
    )
    .addOption(averageFlag("draw from"))
    .option("--no-ema", "draw from the generator's weights, not from their moving average, if a run has one")
    .option(
      "--out <path>",
      "file or folder to write (default: the first free samples-<seed>, with the format's extension)",
    )
    .addOption(showFlag("the grid"))
    .option("--overwrite", "replace the file that --out names, if there is one")
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
  $ ${invocation()} sample runs/mnist-1 --class 3 --class 7 --count 20
  $ ${invocation()} sample runs/faces-1 --ema-length 0.07 --out smoother.png
  $ ${invocation()} sample netG.safetensors --count 64`,
    )
    .action(
      async (
        run,
        {
          count: wanted,
          class: classes,
          seed,
          format: asked,
          out: to,
          from,
          ema,
          emaLength,
          statistics,
          latentDistribution,
          show,
          overwrite = false,
        },
      ) => {
        const format = asked ?? formatOf(to);
        await checkRun(run);
        const out = to ?? await freePath(`samples-${seed}`, ENDINGS[format]);
        await checkSamplesOut(out, format === "images" ? "images" : "file", overwrite);
        const library = await loadLibrary();
        using interrupt = new Interrupt(
          () =>
            session.terminal.write(`Stopping without writing a file. Press Ctrl-C again to stop at once.\n`),
          session.strayErrors.signal,
        );
        const { signal } = interrupt;
        using device = await library.openDevice();
        try {
          const { paths, count, warnings } = await library.sample(device, run, {
            ...(wanted === undefined ? {} : { count: wanted }),
            ...(classes === undefined ? {} : { classes }),
            seed,
            out,
            format,
            ...(from === undefined ? {} : { from }),
            ema,
            ...(emaLength === undefined ? {} : { emaLength }),
            ...(statistics ? { statistics } : {}),
            ...(latentDistribution ? { latentDistribution } : {}),
            signal,
          });
          for (const warning of warnings) session.terminal.write(`warning: ${printable(warning)}\n`);
          const [first = out] = paths;
          session.output.files(
            { paths, images: count, warnings },
            `${counted(count, "image")}: ${paths.length > 1 ? `${out}, ${paths.length} files` : first}\n`,
          );
          if (format === "grid") session.terminal.write(await pictureText(first, show, session.terminal));
        } catch (error) {
          if (!signal.aborted) throw error;
          session.exitCode = INTERRUPT_EXIT_CODE;
        }
      },
    );
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

/** Rejects a path that holds no generator, before the GPU is touched. */
async function checkRun(run: string): Promise<void> {
  try {
    // A folder of one checkpoint has no config
    if (!(await Deno.stat(run)).isDirectory || /step-\d{6,}[\\/]*$/.test(run)) return;
    const { RunFolder } = await import("../dcgan/run/folder/run_folder.ts");
    await RunFolder.at(run).readConfig();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(`<run> must be a run folder or a safetensors file, found nothing at "${run}"`);
  }
}

import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import * as v from "valibot";
import { integer, type OptionKind } from "../dcgan/option.ts";
import { UsageError } from "./errors.ts";
import { Interrupt, INTERRUPT_EXIT_CODE } from "./interrupt.ts";
import { invocation } from "./invocation.ts";
import { loadLibrary } from "./library.ts";
import { checkConfig } from "./places.ts";
import type { SampleFormat } from "../dcgan/sample.ts";
import type { Session } from "./session.ts";

/** Formats, and what each writes. */
const FORMATS: Readonly<Record<SampleFormat, string>> = {
  grid: "one PNG with all images",
  images: "a folder with a PNG for each image",
  npy: "one float32 array [N, C, H, W] in [-1, 1]",
};

/** Adds `sample` to the program. */
export function addSampleCommand(program: Command, session: Session): void {
  const formats = Object.entries(FORMATS).map(([name, what]) => `  ${name.padEnd(7)} ${what}`).join("\n");
  program.command("sample")
    .description("draw images from a trained generator")
    .argument("<run>", "run folder, or a PyTorch state dict of a generator (safetensors)")
    .addOption(numeric("--count <images>", "how many images", integer(1, 65536)).default(64))
    .addOption(numeric("--seed <number>", "seed of the latent vectors", integer(0, 2 ** 32 - 1)).default(1))
    .addOption(
      new Option("--format <name>", "what to write (default: by the ending of --out, else grid)")
        .choices(Object.keys(FORMATS) as SampleFormat[]),
    )
    .option("--out <path>", "file or folder to write (default: samples-<seed>, with the format's ending)")
    .addHelpText(
      "after",
      `
Formats:
${formats}

Examples:
  $ ${invocation()} sample runs/faces-1 --count 64 --seed 7 --out grid.png
  $ ${invocation()} sample runs/faces-1 --count 1000 --format images --out faces
  $ ${invocation()} sample runs/faces-1 --count 1000 --out faces.npy`,
    )
    .action(async (run, { count, seed, format: asked, out: to }) => {
      const format = asked ?? formatOf(to);
      const out = to ?? `samples-${seed}${{ grid: ".png", images: "", npy: ".npy" }[format]}`;
      await checkRun(run);
      const library = await loadLibrary();
      const remains = format === "images" ? "the files that are whole are kept" : "no file is written";
      using interrupt = new Interrupt(
        () => session.terminal.write(`Ending, ${remains}; Ctrl-C again ends at once.\n`),
        session.strayErrors.signal,
      );
      const { signal } = interrupt;
      using device = await library.openDevice();
      try {
        const { paths } = await library.sample(device, run, { count, seed, out, format, signal });
        const [first = out] = paths;
        session.terminal.write(
          `${count} images: ${paths.length > 1 ? `${out}, ${paths.length} files` : first}\n`,
        );
      } catch (error) {
        if (!signal.aborted) throw error;
        session.exitCode = INTERRUPT_EXIT_CODE;
      }
    });
}

/** An option that takes what a kind of value allows. */
function numeric<Flags extends string>(
  flags: Flags,
  summary: string,
  kind: OptionKind<number>,
): Option<Flags, undefined, undefined, number> {
  return new Option(flags, summary).argParser((text): number => {
    const read = v.safeParse(kind.schema, kind.fromText(text));
    if (read.success) return read.output;
    throw new InvalidArgumentError(`It must be ${kind.allowed}.`);
  });
}

/** The format that a path asks for by its ending. */
export function formatOf(path: string | undefined): SampleFormat {
  if (path === undefined || /\.png$/i.test(path)) return "grid";
  if (/\.npy$/i.test(path)) return "npy";
  if (!/\.[A-Za-z0-9]+$/.test(path)) return "images";
  throw new UsageError(
    `--out must end in .png or .npy, or name a folder, unless --format is given: found "${path}"`,
  );
}

/** Refuses what cannot be drawn from, before the GPU is touched. */
async function checkRun(run: string): Promise<void> {
  try {
    if ((await Deno.stat(run)).isDirectory) await checkConfig(run);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(`<run> must be a run folder or a safetensors file: nothing is at "${run}"`);
  }
}

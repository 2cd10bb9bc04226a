/**
 * What the commands that draw from a trained generator have in common: the generator, its latent vectors, the
 * file.
 */
import { type Command, Option } from "@commander-js/extra-typings";
import { GENERATOR_KINDS } from "../../dcgan/explore/generator_options.ts";
import type { Latents } from "../../dcgan/explore/latents/given_latents.ts";
import { unmarkedFlag } from "../arguments/flags.ts";
import { given } from "../arguments/given.ts";
import { checkpointFlag } from "../arguments/checkpoint_flag.ts";
import { averageFlag, optionOf } from "../arguments/option_of.ts";
import { UsageError } from "../errors.ts";
import {
  GENERATOR_ARGUMENT,
  latentDistributionFlag,
  networkFlag,
  noAverageFlag,
  offlineFlag,
} from "./generator_flags.ts";
import type { Session } from "../session.ts";
import { watching } from "../terminal/watching.ts";

/** A command that draws from a trained generator. */
export interface GeneratorCommand {
  /** How it is called. */
  readonly name: string;
  /** What it does, in one line. */
  readonly description: string;
  /** What `--out` names, and what it is by default. */
  readonly out: string;
  /**
   * Which classes are drawn by default.
   *
   * @default {"all"}
   */
  readonly classes?: string;
}

const GENERATOR = "Generator:";
const OUTPUT = "Output:";

/**
 * Adds a command with `<run>`, and the flags that say which generator, which latent vectors, and where to
 * write.
 */
export function addGeneratorCommand(program: Command, command: GeneratorCommand) {
  return addExploringCommand(program, command)
    .addOption(
      optionOf(
        "--map <columns x rows>",
        "draw larger images, each from a map of latents, if the first layer is a transposed convolution (default: 1x1)",
        GENERATOR_KINDS.map,
      ).helpGroup(GENERATOR),
    )
    .addOption(
      new Option(
        "--repeat <file>",
        "picture of this command to make again: its options count, but for those that are given here",
      ).helpGroup(OUTPUT),
    );
}

/** The same without latent maps, and without pictures that are made again. */
export function addExploringCommand(
  program: Command,
  { name, description, out, classes = "all" }: GeneratorCommand,
) {
  return program.command(name)
    .description(description)
    .argument("<run>", GENERATOR_ARGUMENT)
    .option(
      "--class <name>",
      `class to draw, by name or by number from 0; may be given several times (default: ${classes})`,
      (name, names: string[] | undefined) => [...names ?? [], name],
    )
    .addOption(checkpointFlag("draw from").helpGroup(GENERATOR))
    .addOption(
      noAverageFlag().helpGroup(GENERATOR),
    )
    .addOption(averageFlag("draw from").helpGroup(GENERATOR))
    .addOption(networkFlag().helpGroup(GENERATOR))
    .addOption(offlineFlag().helpGroup(GENERATOR))
    .addOption(
      new Option(
        "--statistics <name>",
        "statistics for batch norms: running statistics, or those of the batch (default: running)",
      ).choices(["running", "batch"] as const).helpGroup(GENERATOR),
    )
    .addOption(
      latentDistributionFlag().helpGroup(GENERATOR),
    )
    .addOption(
      optionOf(
        "--truncation <psi>",
        "factor for the latents, from 0 to 1: below 1, images are more alike and often cleaner (default: 1)",
        GENERATOR_KINDS.truncation,
      ).helpGroup(GENERATOR),
    )
    .addOption(
      new Option(...unmarkedFlag).helpGroup(OUTPUT),
    )
    .addOption(new Option("--out <path>", out).helpGroup(OUTPUT))
    .addOption(
      new Option("--overwrite", "replace the file that --out names, if there is one").helpGroup(OUTPUT),
    );
}

/** Options that say what is drawn from, of which there can be one. */
const SOURCES = ["seed", "seeds"] as const;

/** The flags that all such commands have, as they are read. */
interface DrawingFlags {
  readonly seed?: unknown;
  readonly seeds?: unknown;
  readonly class?: readonly string[] | undefined;
  readonly ema: boolean;
  readonly latents?: string | undefined;
  readonly repeat?: string | undefined;
  readonly unmarked?: boolean | undefined;
}

/** The options of the library that flags stand for, on top of those of a picture that is made again. */
export async function drawingOptions<Flags extends DrawingFlags>(command: string, flags: Flags) {
  const { class: classes, ema, latents: file, repeat, unmarked, ...others } = flags;
  const repeated = repeat === undefined ? {} : await optionsOfPicture(repeat, command, file);
  // What is given here to draw from takes the place of what the picture was drawn from
  if (file !== undefined || SOURCES.some((name) => others[name] !== undefined)) {
    for (const name of [...SOURCES, "count"]) delete repeated[name];
  }
  const latents = file === undefined ? undefined : await readLatents(file);
  return {
    ...repeated,
    ...given({ ...others, classes, latents }),
    ...(ema ? {} : { ema }),
    ...(unmarked ? { mark: false } : {}),
  };
}

/** The options that a picture was made with. */
async function optionsOfPicture(
  path: string,
  command: string,
  latents: string | undefined,
): Promise<Record<string, unknown>> {
  const { readMark, optionsOfMark } = await import("../../dcgan/explore/marks/read_mark.ts");
  try {
    const { latents: digest, ...options } = optionsOfMark(await readMark(path), command, path);
    if (digest === undefined || latents !== undefined) return options;
    throw new RangeError(
      `Cannot repeat ${path}: it was drawn from a file of latents. Give it with --latents`,
    );
  } catch (error) {
    throw asUsageError(error, "--repeat", path);
  }
}

/** Reads a file of latent vectors. */
async function readLatents(path: string): Promise<Latents> {
  const { decodeNpy } = await import("../../files/npy.ts");
  try {
    return decodeNpy(await Deno.readFile(path), path);
  } catch (error) {
    throw asUsageError(error, "--latents", path);
  }
}

/** A file that is not there, or not what it should be, is a mistake of the call. */
function asUsageError(error: unknown, flag: string, path: string): unknown {
  if (error instanceof Deno.errors.NotFound) {
    return new UsageError(`${flag} must be an existing file, found nothing at "${path}"`);
  }
  return error instanceof RangeError || error instanceof SyntaxError
    ? new UsageError(`${flag}: ${error.message}`)
    : error;
}

/**
 * Rejects a path that holds no generator, before the GPU is touched, and downloads one on the hub.
 *
 * @returns Whether it is there; else a download was stopped.
 */
export async function checkRun(
  run: string,
  session: Session,
  { offline }: { readonly offline?: boolean | undefined },
): Promise<boolean> {
  if (run.startsWith("hf:")) return await fetchFirst(run, session, offline);
  try {
    // A folder of one checkpoint has no config
    if (!(await Deno.stat(run)).isDirectory || /step-\d{6,}[\\/]*$/.test(run)) return true;
    const { RunFolder } = await import("../../dcgan/run/folder/run_folder.ts");
    await RunFolder.at(run).readConfig();
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(
      `<run> must be a run folder, or a file of weights (.safetensors, .pt, .pth), found nothing at "${run}"`,
    );
  }
}

/** Downloads a generator on the hub, showing how far that is. */
async function fetchFirst(run: string, session: Session, offline: boolean | undefined): Promise<boolean> {
  const { fetchModel } = await import("../../dcgan/weights/hub_model.ts");
  let isThere = false;
  await watching(session, async (watch) => {
    await fetchModel(run, { ...watch, offline });
    isThere = true;
  }, { onError: true });
  return isThere;
}

import { Command, InvalidArgumentError } from "@commander-js/extra-typings";

/** What is measured, and how thoroughly. */
export interface BenchOptions {
  /** Print JSON instead of tables. */
  readonly json: boolean;
  /** Only what has a name that this matches. */
  readonly only: RegExp;
  /** Times that each thing is measured. */
  readonly rounds: number;
  /** Seconds of one measurement; 0 runs each thing once. */
  readonly seconds: number;
  /** Everything once, as briefly as it goes. */
  readonly smoke: boolean;
  /** JPEG decoders that the module does not use as well. */
  readonly all: boolean;
}

/** Exit code for options that make no sense. */
export const USAGE_EXIT_CODE = 2;

/** Reads an option that is a number above 0. */
export function toPositive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("It must be a number above 0.");
}

/** Reads an option that is a whole number above 0. */
export function toWhole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a whole number above 0.");
}

const DEFAULTS = { rounds: 5, seconds: 0.5 };

/** Reads the command line; ends the process with its message where it asks for help or makes no sense. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const command = new Command("deno task bench")
    .description(
      "Measures kernels, training and sampling on this machine's adapter, against the adapter's own limit.",
    )
    .option("--json", "print JSON instead of tables", false)
    .option(
      "--only <pattern>",
      "measure only what has a name that this regular expression matches",
      toPattern,
    )
    .option("--rounds <n>", `times that each thing is measured (default: ${DEFAULTS.rounds})`, toCount)
    .option("--seconds <s>", `seconds of one measurement (default: ${DEFAULTS.seconds})`, toSeconds)
    .option("--smoke", "run everything once, to see that it works; the figures mean little", false)
    .option(
      "--all",
      "time JPEG decoders that the module does not use too, which fetches them from npm",
      false,
    )
    .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
    .addHelpText(
      "after",
      `
Names: "matmul 512", "S conv 32->64 at 16x16, forward", "M training", "S sampling", "M first step", "M memory",
"JPEG decoders", "JPEG workers", "folder training", "folder first batch", "folder listing".
S is 32x32x1 with 32 feature maps and batch 32; M is 64x64x3 with 64 feature maps and batch 8.

Examples:
  deno task bench
  deno task bench --only "^S" --json
  deno task bench --only "JPEG decoders" --all
  deno task bench --smoke`,
    );
  const { json, only, rounds, seconds, smoke, all } = command.parse([...args], { from: "user" }).opts();
  return {
    json,
    only: only ?? /./,
    rounds: smoke ? 1 : rounds ?? DEFAULTS.rounds,
    seconds: smoke ? 0 : seconds ?? DEFAULTS.seconds,
    smoke,
    all,
  };
}

function toPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function toCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError("It must be a whole number from 1 to 1000.");
}

function toSeconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 60) return value;
  throw new InvalidArgumentError("It must be a number above 0, at most 60.");
}

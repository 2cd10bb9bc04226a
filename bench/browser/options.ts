import { Command, InvalidArgumentError } from "@commander-js/extra-typings";

/** What is measured, and how thoroughly. */
export interface BrowserBenchOptions {
  /** Print JSON instead of tables. */
  readonly json: boolean;
  /** Turns of each contender; TensorFlow.js takes fewer. */
  readonly rounds: number;
  /** Seconds that a turn takes at least. */
  readonly seconds: number;
  /** Leave TensorFlow.js out. */
  readonly alone: boolean;
}

const DEFAULTS = { rounds: 11, seconds: 2 };

/** Exit code for options that make no sense. */
const USAGE_EXIT_CODE = 2;

/** Reads the command line; ends the process with its message where it asks for help or makes no sense. */
export function parseBrowserBenchOptions(args: readonly string[]): BrowserBenchOptions {
  const command = new Command("deno task bench:browser")
    .description(
      "Measures training and sampling in Chromium, beside Deno on the same driver and TensorFlow.js in the same tab, in turns.",
    )
    .option("--json", "print JSON instead of tables", false)
    .option("--alone", "leave TensorFlow.js out", false)
    .option("--rounds <n>", `turns of each contender (default: ${DEFAULTS.rounds})`, toCount)
    .option("--seconds <n>", `seconds that a turn takes at least (default: ${DEFAULTS.seconds})`, toSeconds)
    .option("--smoke", "everything once, to see that it works; the figures mean little", false)
    .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
    .addHelpText(
      "after",
      `
The workload is S: 32x32x1 with 32 feature maps and batch 32. The driver is Chromium's SwiftShader, which computes on the
processor. A turn ends with the losses of its last step, or the pictures of its last batch, on the host.

Examples:
  deno task bench:browser
  deno task bench:browser --alone --rounds 21`,
    );
  command.parse([...args], { from: "user" });
  const { json, alone, smoke, rounds, seconds } = command.opts();
  return {
    json,
    alone,
    rounds: rounds ?? (smoke ? 1 : DEFAULTS.rounds),
    seconds: seconds ?? (smoke ? 0 : DEFAULTS.seconds),
  };
}

function toCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number above 0.");
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0 && seconds < 1000) return seconds;
  throw new InvalidArgumentError("It must be a number of seconds.");
}

import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { type CheckOptions, FAST_PARTS, PARTS } from "./check.ts";

/** Exit code for options that make no sense. */
const USAGE_EXIT_CODE = 2;

/** What is looked at, and what becomes of it. */
export interface GpusOptions extends CheckOptions {
  /** Whether a part that cannot be had here is skipped, rather than a failure. */
  readonly fast: boolean;
  readonly write: boolean;
  readonly json: boolean;
}

/** Reads the command line; ends the process with its message where it asks for help or makes no sense. */
export function parseGpusOptions(args: readonly string[]): GpusOptions {
  const command = new Command("deno task check:gpus")
    .description(
      "Compiles every kernel of training steps and samples with the compilers of real graphics cards, without a card, " +
        "and holds launches, registers and spills to scripts/gpus/table/table.json.",
    )
    .option("--only <parts>", `only some of these, with commas between: ${PARTS.join(", ")}`, toParts)
    .option(
      "--fast",
      `what needs no source of Mesa: ${FAST_PARTS.join(", ")}; what cannot be had is skipped`,
    )
    .option(
      "--variants",
      "give Mesa's compilers every variant that the tuner tries: some minutes for Intel's",
    )
    .option("--write", "write what was found to the table and to bench/README.md, rather than compare")
    .option("--json", "print JSON instead of tables")
    .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
    .addHelpText(
      "after",
      `
launches  how many each card runs a step, and how much of the work is done by fewer threads than the card has lanes
rdna2     AMD's cards of the RX 6000 series, by Mesa's compiler
rdna3     AMD's cards of the RX 7000 series, and the kernels of NVIDIA, Apple and others, whose compilers cannot be had
xe-lp     Intel's Iris Xe
arc       Intel's Arc
tint      whether Chromium's WebGPU takes the kernels, by Dawn from npm

On Debian, as root, what is missing is installed. Nothing is executed, so there are no times.

Examples:
  deno task check:gpus
  deno task check:gpus --fast
  deno task check:gpus --only rdna3,launches
  deno task check:gpus --write`,
    );
  const { only, fast = false, variants = false, write = false, json = false } = command.parse([...args], {
    from: "user",
  }).opts();
  const parts = (only ?? PARTS).filter((part) => !fast || FAST_PARTS.includes(part));
  return { parts, everyVariant: variants, fast, write, json };
}

function toParts(text: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  const unknown = parts.find((part) => !PARTS.includes(part));
  if (unknown === undefined) return parts;
  throw new InvalidArgumentError(`Each must be one of ${PARTS.join(", ")}, found '${unknown}'.`);
}

import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { type RuntimeName, RUNTIMES } from "./runtimes.ts";

/** Exit code for options that make no sense. */
const USAGE_EXIT_CODE = 2;

/** What is run where. */
export interface RuntimesOptions {
  /** The folder of cases. */
  readonly folder: string;
  /** The runtimes, the first of which others are compared with. */
  readonly only: readonly RuntimeName[];
  /** Whether a case of each op is enough. */
  readonly quick: boolean;
  /** Whether browsers that this machine lacks are left out, rather than a failure. */
  readonly installed: boolean;
  /** Whether each runtime takes the driver that it finds, rather than Chromium's SwiftShader. */
  readonly ownDriver: boolean;
}

/** Reads the command line; ends the process with its message where it asks for help or makes no sense. */
export function parseRuntimesOptions(args: readonly string[]): RuntimesOptions {
  const command = new Command("deno task golden:runtimes")
    .description(
      "Runs PyTorch's golden cases in other runtimes and browsers, as one bundle, and compares bits with the first of them.",
    )
    .argument("<folder>", "the folder of cases, with a manifest.json")
    .option(
      "--only <runtimes>",
      `only some of these, with commas between: ${RUNTIMES.join(", ")}`,
      toRuntimes,
    )
    .option("--quick", "only the smallest case of each op")
    .option("--installed", "leave out browsers that this machine lacks, and say so")
    .option(
      "--own-driver",
      "let each runtime take the driver that it finds, rather than Chromium's SwiftShader for all",
    )
    .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
    .addHelpText(
      "after",
      `
deno      wgpu, as Deno has it
node      Dawn, from npm; npm brings Node too
bun       Dawn, from npm; npm brings Bun too
chromium  Dawn, as Chromium has it, in a window that nobody sees
firefox   wgpu, as Firefox has it, in a window that nobody sees

What npm brings is kept in the user's folder for caches. Browsers must be installed.

Examples:
  deno task golden:runtimes tests/golden/cases
  deno task golden:runtimes tests/golden/cases --quick --only deno,chromium
  deno task golden:runtimes tests/golden/cases --own-driver --only deno,firefox`,
    );
  command.parse([...args], { from: "user" });
  const { only = RUNTIMES, quick = false, installed = false, ownDriver = false } = command.opts();
  return { folder: command.processedArgs[0], only, quick, installed, ownDriver };
}

function toRuntimes(text: string): RuntimeName[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !(RUNTIMES as readonly string[]).includes(name));
  if (unknown === undefined) return names as RuntimeName[];
  throw new InvalidArgumentError(`There is no runtime "${unknown}".`);
}

import { Command, InvalidArgumentError } from "@commander-js/extra-typings";

/** What is compared, and how thoroughly. */
export interface PeerOptions {
  /** Print JSON instead of tables. */
  readonly json: boolean;
  /** Only races and peers with a name that this matches. */
  readonly only: RegExp;
  /** Turns of each contender. */
  readonly rounds: number;
  /** Seconds that a turn takes at least. */
  readonly seconds: number;
  /** Measure first steps with no kernel cached as well. */
  readonly cold: boolean;
  /** Peers in the form that they come in as well. */
  readonly all: boolean;
  /** The Python that has PyTorch, if one was named. */
  readonly python?: string | undefined;
  /** Only the small workload, once. */
  readonly smoke: boolean;
}

const DEFAULTS = { rounds: 5, seconds: 1 };

/** Reads the command line; ends the process with its message where it asks for help or makes no sense. */
export function parsePeerOptions(args: readonly string[]): PeerOptions {
  const command = new Command("deno task bench:peers")
    .description(
      "Measures training and sampling beside other libraries, in turns: those that run in Deno on this machine's " +
        "adapter, and PyTorch on the processor.",
    )
    .option("--json", "print JSON instead of tables", false)
    .option(
      "--only <pattern>",
      "only what has a name that this regular expression matches, in either case",
      toPattern,
    )
    .option("--all", "peers as they come too, where a faster way to use them is known", false)
    .option("--cold", "measure first steps with no kernel cached as well (Mesa)", false)
    .option("--python <program>", "the Python that has PyTorch (default: python3, then Debian's)")
    .option("--rounds <n>", `turns of each contender (default: ${DEFAULTS.rounds})`, toCount)
    .option("--smoke", "the small workload once, to see that it works; the figures mean little", false)
    .addHelpText(
      "after",
      `
Names: "S training: TensorFlow.js wasm, better filter gradient", "M sampling: jax-js webgpu, dense convolutions",
"M training: PyTorch, 2 threads, channels last".
S is 32x32x1 with 32 feature maps and batch 32; M is 64x64x3 with 64 feature maps and batch 8. Ours always runs,
beside PyTorch on as many threads.

Examples:
  deno task bench:peers
  deno task bench:peers --only "S training" --all
  deno task bench:peers --only pytorch --python ~/torch/bin/python
  deno task bench:peers --smoke`,
    );
  const { rounds, only, smoke, ...flags } = command.parse([...args], { from: "user" }).opts();
  return {
    ...flags,
    smoke,
    only: only ?? (smoke ? /^S/ : /./),
    rounds: rounds ?? (smoke ? 1 : DEFAULTS.rounds),
    seconds: smoke ? 0 : DEFAULTS.seconds,
  };
}

function toPattern(text: string): RegExp {
  try {
    return new RegExp(text, "i");
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function toCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError("It must be a whole number from 1 to 1000.");
}

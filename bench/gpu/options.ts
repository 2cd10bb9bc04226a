import { Command } from "@commander-js/extra-typings";
import { USAGE_EXIT_CODE } from "../options.ts";

/** What is run on a graphics card, and with what. */
export interface GpuBenchOptions {
  /** Folder of golden cases, where one was given. */
  readonly fixtures: string | undefined;
  /** The Python that has PyTorch. */
  readonly python: string;
  /** Print JSON instead of tables. */
  readonly json: boolean;
  /** Run on adapters that compute on the processor, too. */
  readonly anyAdapter: boolean;
  /** PyTorch's step compiled by `torch.compile` as well. */
  readonly compile: boolean;
  /** Ours with tuned kernels as well. */
  readonly tune: boolean;
  /** The small workload once. */
  readonly smoke: boolean;
}

/** Reads the command line; ends the process with its message where it asks for help or makes no sense. */
export function parseGpuBenchOptions(args: readonly string[]): GpuBenchOptions {
  const command = new Command("deno task bench:gpu")
    .description(
      "On a machine with a graphics card: runs PyTorch's golden cases, the bench, and PyTorch's own training step " +
        "beside ours, and ends with a table of both.",
    )
    .option("--fixtures <folder>", "folder of golden cases (default: ../shared/fixtures, where it is there)")
    .option("--python <program>", "the Python that has PyTorch", "python3")
    .option("--compile", "PyTorch's step compiled by torch.compile as well", false)
    .option("--tune", "ours with kernels that are tuned for this card as well: some minutes more", false)
    .option("--json", "print JSON instead of tables", false)
    .option("--any-adapter", "run where there is no graphics card, too, with PyTorch on the processor", false)
    .option("--smoke", "the small workload once, to see that it works; the figures mean little", false)
    .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE));
  const { fixtures, ...rest } = command.parse([...args], { from: "user" }).opts();
  return { ...rest, fixtures };
}

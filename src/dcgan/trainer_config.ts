import type { EncodeLaunches } from "../gpu/mod.ts";
import type { KernelVariants } from "./kernels/kernel_variants.ts";
import { ConfigError } from "./options/config_issue.ts";
import type { ArchitectureOptions, StepOptions } from "./options/options.ts";

/** What a trainer needs to know of a run: its networks and its step. */
export interface TrainerConfig
  extends
    Readonly<Required<Omit<ArchitectureOptions, "base" | "maxMaps">>>,
    Readonly<Pick<ArchitectureOptions, "base" | "maxMaps">>,
    Readonly<Required<Omit<StepOptions, "dLearningRate">>>,
    Readonly<Pick<StepOptions, "dLearningRate">> {
  /** Steps of the run, which a schedule of learning rates spans. */
  readonly steps: number;
  /** Which variants of its kernels the step runs, if that is decided. */
  readonly kernels?: KernelVariants;
  /**
   * Names of the classes, if the run is conditional: `resolveConfig()` gets them with the facts of its
   * dataset.
   */
  readonly classes?: readonly string[];
}

/** How a trainer takes a step. */
export interface TrainerStepOptions {
  /** The class of each image, `[batch * dSteps]`, in a conditional run. */
  labels?: ArrayLike<number>;
  /** How its launches are encoded, if they are to be timed. */
  encode?: EncodeLaunches;
}

/**
 * Throws if a config is conditional, but its classes are not known.
 *
 * @throws {ConfigError} naming the option.
 */
export function expectClasses({ conditional, classes }: TrainerConfig): void {
  if (!conditional || classes) return;
  const problem = "needs the classes of the dataset: give its label to resolveConfig()";
  throw new ConfigError("Cannot train with these options", [{ option: "conditional", problem }]);
}

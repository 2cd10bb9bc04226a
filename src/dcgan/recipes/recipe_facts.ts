import type { Device } from "../../gpu/mod.ts";
import type { Channels } from "../../pictures/mod.ts";
import { imagesInStep } from "../batches/images_in_step.ts";
import { expectFits } from "../networks/adapter_limits.ts";
import { DEFAULT_BATCH } from "../options/batch_issues.ts";
import { resolveConfig, type RunFacts } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";
import type { TrainOptions } from "../options/options.ts";
import { secondsOfStep } from "./seconds_of_step.ts";

/** Minutes that `auto` trains for if nothing else is said. */
export const AUTO_MINUTES = 10;

/** Share of the time that is for steps: the rest is for kernels, scores, samples and checkpoints. */
const STEP_SHARE = 0.9;

/** What is known of a run's data. */
export interface DatasetFacts {
  /** Images. */
  readonly length: number;
  /** Channels of an image. */
  readonly channels: Channels;
  /** The label that a conditional run is told. */
  readonly label?: RunFacts["label"];
  /** Shorter side of its pictures as they are stored, if that is known. */
  readonly nativeSize?: number | undefined;
}

/** What an adapter can do. */
export interface AdapterFacts {
  /** Whether networks and batches with these options fit its memory limits. */
  fits(options: TrainOptions): boolean;
  /** Seconds of a step with these options. */
  measure(options: TrainOptions): Promise<number>;
}

/** What a device's adapter can do with images of a dataset. Once the signal aborts, it measures no more. */
export function factsOf(
  device: Device,
  { channels, label }: DatasetFacts,
  signal?: AbortSignal,
): AdapterFacts {
  const resolve = (options: TrainOptions) => resolveConfig(options, { channels, label });
  return {
    fits(options) {
      try {
        expectFits(device, resolve(options));
        return true;
      } catch (error) {
        if (error instanceof ConfigError) return false;
        throw error;
      }
    },
    measure: (options) => secondsOfStep(device, resolve(options), signal),
  };
}

/** Seconds of a run that are for its steps. */
export function secondsForSteps(minutes: number): number {
  return 60 * minutes * STEP_SHARE;
}

/** Steps of a run, if they are known. */
export function stepsOf(
  { steps, epochs, ...rest }: TrainOptions,
  { length }: DatasetFacts,
): number | undefined {
  return epochs === undefined ? steps : Math.max(1, Math.ceil(epochs * length / imagesOf(rest)));
}

/** Images of the data that a step takes. */
export function imagesOf({ batch = DEFAULT_BATCH, dSteps = 1 }: TrainOptions): number {
  return imagesInStep({ batch, dSteps });
}

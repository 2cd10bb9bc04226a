/**
 * What a training script goes on from, and which runs have one.
 *
 * @module
 */
import type { TensorData } from "../../../../nn/mod.ts";
import { ADAPTIVE_STATE } from "../../../augmentation/run_augmentation.ts";
import { AVERAGE_FILE } from "../../../averages/kept_averages.ts";
import { checkpointAt } from "../../../checkpoints/checkpoint_at.ts";
import type { ReadCheckpoint } from "../../../checkpoints/read_checkpoint.ts";
import { createGenerator } from "../../../networks/generator.ts";
import type { TrainConfig } from "../../../options/config.ts";
import { changes } from "../../../schedules/scheduled_values.ts";
import { parameterOrder } from "../../../weights/optimizer_state.ts";
import { type TrainingState, trainingStateOf } from "../../../weights/training_state.ts";

/** What a training script is written from, besides the networks. */
export interface ScriptedRun {
  /** The run's config. */
  readonly config: TrainConfig;
  /** What the script goes on from. */
  readonly state: TrainingState;
  /** What of the run the script goes without, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads what a training script is written from.
 *
 * @param source A run folder, or the folder of a checkpoint in one.
 * @param step Which checkpoint.
 * @throws {RangeError} if it is no run, or one that the script cannot go on with, by the name of the option.
 */
export async function readScriptedRun(source: string, step: number | undefined): Promise<ScriptedRun> {
  if (step === undefined) throw refused(source, "it must be a run folder, found the file of a generator");
  const { checkpoint, run } = await checkpointAt(source, step, "export");
  if (!run) throw refused(source, "its run must be there, found a checkpoint alone");
  const { config } = run;
  if (config.precision !== "f32") {
    throw refused(
      source,
      `"precision" must be f32, as the script's activations are, found ${config.precision}`,
    );
  }
  if (config.shards > 1 && config.bn === "local") {
    throw refused(source, '"bn" must be sync, as the script normalizes over the whole batch, found local');
  }
  if (changes(config.beta2)) {
    throw refused(
      source,
      '"beta2" must be one number, found a schedule: PyTorch corrects Adam\'s averages for one value',
    );
  }
  return { config, state: stateOf(checkpoint, config), warnings: warningsOf(config) };
}

function refused(source: string, problem: string): RangeError {
  return new RangeError(`Cannot export a training script of ${source}: ${problem}`);
}

/** The state of a checkpoint: networks and optimizers, and what the script keeps besides. */
function stateOf(checkpoint: ReadCheckpoint, config: TrainConfig): TrainingState {
  const { tensors, metadata } = trainingStateOf(checkpoint, config);
  const all = new Map<string, TensorData>(tensors);
  const { tensors: training } = checkpoint.training;
  all.set("step", { dtype: "I64", shape: [], data: BigInt64Array.of(BigInt(checkpoint.place.step)) });
  const average = checkpoint.averages.get(AVERAGE_FILE)?.tensors;
  if (average) {
    const names = parameterOrder(createGenerator(config));
    // By their places, since it would be a second generator by its names
    for (const [place, name] of names.entries()) all.set(`average.${place}`, average.get(name)!);
    all.set("average_steps", training.get("average.steps")!);
  }
  const adaptive = training.get(ADAPTIVE_STATE);
  if (adaptive) all.set("augmentation", adaptive);
  return { tensors: all, metadata };
}

/** What of a run has no bearing on its steps, and is not in the script. */
function warningsOf({ emaSnapshots, onNan, stopWhenFlat, dataOptions }: TrainConfig): string[] {
  return [
    ...emaSnapshots > 0 ? ["The script keeps no snapshots for --ema-length (emaSnapshots)"] : [],
    ...onNan === "rollback" ? ["The script stops at a NaN, and does not roll back (onNan)"] : [],
    ...stopWhenFlat > 0 ? ["The script has no scores, and does not stop by them (stopWhenFlat)"] : [],
    ...dataOptions.crop === "random"
      ? ["The script cuts the pictures of a folder in their middle (crop): give it a file of datasets pack"]
      : [],
  ];
}

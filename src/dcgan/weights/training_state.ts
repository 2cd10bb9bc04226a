/**
 * All that PyTorch needs to continue a run: both networks and the states of their optimizers, by PyTorch's
 * names and in its shapes.
 *
 * @module
 */
import { type Module, namedParameters, rowToDict, type TensorData, writeSafetensors } from "../../nn/mod.ts";
import { CLASSES } from "../checkpoints/class_names.ts";
import { LATENT_DISTRIBUTION } from "../checkpoints/latent_distribution.ts";
import { checkpointAt } from "../checkpoints/checkpoint_at.ts";
import type { CheckpointChoice } from "../checkpoints/choose_checkpoint.ts";
import type { ReadCheckpoint } from "../checkpoints/read_checkpoint.ts";
import { createDiscriminator } from "../networks/discriminator.ts";
import { createGenerator } from "../networks/generator.ts";
import type { TrainConfig } from "../options/config.ts";
import { ratesAt } from "../optimizers/learning_rates.ts";
import { changes } from "../schedules/scheduled_values.ts";
import { MOMENTS, parameterOrder } from "./optimizer_state.ts";

/** Tensors of a file, and what it says besides. */
export interface TrainingState {
  /**
   * `netG.*` and `netD.*` as `state_dict()` has them, then `optimizerG.state.0.exp_avg`, `.exp_avg_sq`,
   * `.step` and so on, the parameters counted in the order of `netG.parameters()`; the same of `optimizerD`.
   */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** `optimizerG.param_groups.0.lr` and so on, and the number of steps. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Adam's `eps` in runs. */
const EPS = 1e-8;

/**
 * What PyTorch needs to continue from a checkpoint. {@linkcode readStartingWeights} reads it back.
 *
 * @param config Of its run.
 * @throws {RangeError} if the decay of squared gradients changes over the run, as PyTorch corrects averages
 * for one that does not.
 */
export function trainingStateOf(
  { place: { path, step }, generator, discriminator, training }: ReadCheckpoint,
  config: TrainConfig,
): TrainingState {
  if (changes(config.beta2)) {
    throw new RangeError(
      `Cannot write the state of the optimizers in ${path} for PyTorch: beta2 must be one number, found a schedule`,
    );
  }
  const rates = ratesAt(Math.max(0, step - 1), config);
  const networks = [
    ["G", "generator", createGenerator(config), generator.tensors],
    ["D", "discriminator", createDiscriminator(config), discriminator.tensors],
  ] as const;
  const tensors = new Map<string, TensorData>();
  const metadata: Record<string, string> = {
    step: `${step}`,
    optimizer: config.optimizer,
    [LATENT_DISTRIBUTION]: config.latentDistribution,
  };
  for (const [letter, , , own] of networks) {
    for (const [name, tensor] of own) tensors.set(`net${letter}.${name}`, tensor);
  }
  for (const [letter, name, module] of networks) {
    addState(tensors, `optimizer${letter}`, name, module, training.tensors, config);
    const settings = {
      lr: rates[name],
      "betas.0": config.beta1,
      "betas.1": config.beta2,
      eps: EPS,
      weight_decay: config.weightDecay,
    };
    for (const [key, value] of Object.entries(settings)) {
      metadata[`optimizer${letter}.param_groups.0.${key}`] = `${value}`;
    }
  }
  for (const key of ["size", CLASSES]) {
    const value = generator.metadata[key];
    if (value !== undefined) metadata[key] = value;
  }
  return { tensors, metadata };
}

/** Adds the state of an optimizer. */
function addState(
  tensors: Map<string, TensorData>,
  path: string,
  network: "generator" | "discriminator",
  module: Module,
  training: ReadonlyMap<string, TensorData>,
  { precision }: TrainConfig,
): void {
  const parameters = namedParameters(module);
  const step = Float32Array.of(Number(training.get(`${network}.step`)!.data[0]));
  const [mean, square] = MOMENTS.map((moment) =>
    rowToDict(training.get(`${network}.${moment}`)!.data as Float32Array<ArrayBuffer>, parameters, precision)
  );
  for (const [place, name] of parameterOrder(module).entries()) {
    const begin = `${path}.state.${place}`;
    tensors.set(`${begin}.exp_avg`, mean!.get(name)!);
    tensors.set(`${begin}.exp_avg_sq`, square!.get(name)!);
    tensors.set(`${begin}.step`, { dtype: "F32", shape: [], data: step });
  }
}

/** Options of {@linkcode writeTrainingState}. */
export interface WriteTrainingStateOptions {
  /**
   * Which checkpoint of a run folder.
   *
   * @default {"last"}
   */
  from?: CheckpointChoice;
}

/**
 * Writes all that PyTorch needs to continue a run as one safetensors file: both networks, and the state of
 * Adam. `examples/pytorch/training_state.py` loads it into PyTorch's networks and optimizers, and saves what
 * they are later, from which `train()` starts with the option `from`.
 *
 * @param run The run folder, or the folder of one of its checkpoints.
 * @param out The file to write. One that is there is replaced.
 * @throws {Error} if there is no run, or none of its checkpoints can be used.
 * @throws {RangeError} if `beta2` changes over the run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, train, writeTrainingState } from "@x/dcgan";
 * import { readSafetensors } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 2, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out }));
 * await writeTrainingState(out, `${out}/state.safetensors`);
 * const { tensors } = await readSafetensors(`${out}/state.safetensors`);
 * assertEquals(tensors.get("optimizerG.state.0.exp_avg")?.shape, [100, 16, 4, 4]);
 * assertEquals(tensors.get("optimizerG.state.0.step")?.data[0], 2);
 * ```
 */
export async function writeTrainingState(
  run: string,
  out: string,
  { from }: WriteTrainingStateOptions = {},
): Promise<void> {
  const { checkpoint, run: known } = await checkpointAt(run, from, "write the training state");
  if (!known) {
    throw new Error(`Cannot write the training state of ${run}: its run must be there, found a checkpoint`);
  }
  const { tensors, metadata } = trainingStateOf(checkpoint, known.config);
  await writeSafetensors(out, tensors, metadata);
}

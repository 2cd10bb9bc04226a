import type { Tensor } from "../../gpu/mod.ts";
import { loadStateDict, type Safetensors } from "../../nn/mod.ts";
import { ADAPTIVE_STATE } from "../augmentation/run_augmentation.ts";
import type { Trainer } from "../trainer.ts";
import type { ReadCheckpoint } from "./read_checkpoint.ts";

/**
 * Sets a trainer to a checkpoint that was read.
 *
 * @throws {RangeError} if it is of other networks.
 */
export function applyCheckpoint(
  { place: { path, step }, generator, discriminator, training, averages }: ReadCheckpoint,
  trainer: Trainer,
): void {
  loadStateDict(trainer.generator, generator.tensors);
  loadStateDict(trainer.discriminator, discriminator.tensors);
  for (const [file, { network }] of trainer.averages) {
    const average = averages.get(file);
    if (!average) {
      throw new RangeError(`Cannot use ${path} in this run: it has no averaged generator, ${file}`);
    }
    loadStateDict(network, average.tensors);
  }
  for (const [name, tensor] of trainer.state()) {
    // Runs of f16 from before gradients were scaled as they need it do not have this: it stays what it starts
    // as
    if (name.endsWith(".gradient_scaling") && !training.tensors.has(name)) continue;
    // From this step on the run adapts the probability of its augmentations, which starts at 0
    if (name === ADAPTIVE_STATE && !training.tensors.has(name)) {
      tensor.set([0, 0]);
      continue;
    }
    writeState(name, tensor, training, path);
  }
  trainer.continueFrom(step);
}

function writeState(name: string, tensor: Tensor, { tensors }: Safetensors, path: string): void {
  const found = tensors.get(name);
  if (!found || found.data.length !== tensor.size) {
    throw new RangeError(
      `Cannot use ${path} in this run: '${name}' must have ${tensor.size} values, ` +
        `found ${found?.data.length ?? 0}`,
    );
  }
  tensor.set(Float64Array.from(found.data as ArrayLike<number>, Number));
}

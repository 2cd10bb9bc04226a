import { type OpenDataset, openDataset } from "../../../plugins/datasets/mod.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";
import type { Trainer } from "../../../src/dcgan/trainer.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { SingleUpdate } from "./single_update.ts";

/** The updates of single networks of one trainer, made when they are first asked for. */
export class SingleUpdates implements AsyncDisposable {
  #made = new Map<"generator" | "discriminator", SingleUpdate>();
  #dataset: OpenDataset | undefined;

  /** The one of a network. */
  async of(
    learns: "generator" | "discriminator",
    device: Device,
    trainer: Trainer,
    config: TrainConfig,
  ): Promise<SingleUpdate> {
    const kept = this.#made.get(learns);
    if (kept) return kept;
    this.#dataset ??= await openDataset(config.data, {
      size: config.size,
      channels: config.channels,
      options: config.dataOptions,
    });
    const update = new SingleUpdate(device, trainer, config, this.#dataset, learns);
    this.#made.set(learns, update);
    return update;
  }

  /** Gives their memory back, and closes the pictures. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const update of this.#made.values()) update[Symbol.dispose]();
    this.#made.clear();
    await this.#dataset?.close();
    this.#dataset = undefined;
  }
}

import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { permuted } from "../../gpu/mod.ts";

/** Places in a dataset of so many pictures, in the order of the first pass. */
export function firstPlaces(length: number, seed: number, count: number): number[] {
  return Array.from({ length: count }, (_, place) => permuted(place, length, { seed, epoch: 0 }));
}

/**
 * Batches of a dataset in shuffled passes that follow each other without a gap: each picture once a pass.
 * Which pictures a step gets is a pure function of seed and step.
 */
export class Batches {
  #dataset: OpenDataset;
  #batch: number;
  #seed: number;
  #bytes: Uint8Array;

  /** Batches of `batch` pictures. */
  constructor(dataset: OpenDataset, batch: number, seed: number) {
    this.#dataset = dataset;
    this.#batch = batch;
    this.#seed = seed;
    this.#bytes = new Uint8Array(batch * dataset.shape.reduce((a, b) => a * b));
  }

  /** The places in the dataset of the pictures of a step, counted from 0. */
  indices(step: number): number[] {
    const { length } = this.#dataset;
    return Array.from({ length: this.#batch }, (_, position) => {
      const place = step * this.#batch + position;
      return permuted(place % length, length, { seed: this.#seed, epoch: Math.floor(place / length) });
    });
  }

  /** The pictures of a step as bytes, valid until the next call. */
  async read(step: number, signal?: AbortSignal): Promise<Uint8Array> {
    await this.#dataset.read(this.indices(step), this.#bytes, signal);
    return this.#bytes;
  }

  /** Passes over the dataset after a number of steps, with fraction. */
  epochAfter(steps: number): number {
    return steps * this.#batch / this.#dataset.length;
  }
}

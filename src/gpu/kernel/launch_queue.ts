import type { Ledger } from "../memory/ledger.ts";
import { bindLaunches, encodeLaunches } from "./bound_launch.ts";
import type { Launch } from "./launch.ts";
import type { PipelineCache } from "./pipelines.ts";

/** Pending launches are submitted when there are this many, so that the GPU starts before a value is read. */
const MAX_PENDING = 128;

/** Launches outside of programs, which wait to be submitted together. */
export class LaunchQueue {
  readonly #gpu: GPUDevice;
  readonly #pipelines: PipelineCache;
  readonly #ledger: Ledger;
  #pending: Launch[] = [];

  /** Of a device. */
  constructor(gpu: GPUDevice, pipelines: PipelineCache, ledger: Ledger) {
    this.#gpu = gpu;
    this.#pipelines = pipelines;
    this.#ledger = ledger;
  }

  /** True if nothing waits. */
  get empty(): boolean {
    return this.#pending.length === 0;
  }

  /** Adds a launch. Returns true once there are enough to submit. */
  add(launch: Launch): boolean {
    return this.#pending.push(launch) >= MAX_PENDING;
  }

  /** Submits pending launches. */
  flush(): void {
    // Cleared first: otherwise one launch that cannot be bound would make every later flush fail.
    const launches = this.#pending;
    this.#pending = [];
    const bound = bindLaunches(this.#gpu, launches, this.#pipelines, this.#ledger);
    const encoder = this.#gpu.createCommandEncoder();
    encodeLaunches(encoder, bound.launches);
    this.#gpu.queue.submit([encoder.finish()]);
    for (const made of bound.owned) this.#ledger.destroy(made);
  }

  /** Discards pending launches. */
  clear(): void {
    this.#pending = [];
  }
}

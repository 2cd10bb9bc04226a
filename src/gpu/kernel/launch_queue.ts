import type { Ledger } from "../memory/ledger.ts";
import { bindLaunches, encodeLaunches } from "./bound_launch.ts";
import type { WorkInFlight } from "../timing/work_in_flight.ts";
import type { Launch } from "./launch.ts";
import { launchCost } from "./launch_cost.ts";
import type { PipelineCache } from "./pipelines.ts";

/** Pending launches are submitted when there are this many, so that the GPU starts before a value is read. */
const MAX_PENDING = 128;

/** Launches outside of programs, which wait to be submitted together. */
export class LaunchQueue {
  readonly #gpu: GPUDevice;
  readonly #pipelines: PipelineCache;
  readonly #ledger: Ledger;
  readonly #inFlight: WorkInFlight;
  #pending: Launch[] = [];
  #cost = 0;

  /** Of a device. */
  constructor(gpu: GPUDevice, pipelines: PipelineCache, ledger: Ledger, inFlight: WorkInFlight) {
    this.#gpu = gpu;
    this.#pipelines = pipelines;
    this.#ledger = ledger;
    this.#inFlight = inFlight;
  }

  /** True if nothing waits. */
  get empty(): boolean {
    return this.#pending.length === 0;
  }

  /** Adds a launch. Returns true once there are enough to submit. */
  add(launch: Launch): boolean {
    this.#cost += launchCost(launch);
    // Scripts do other things between their launches, whose time is not that of the GPU
    return this.#pending.push(launch) >= MAX_PENDING ||
      this.#cost >= this.#inFlight.mostInSubmit(this, "atLeast");
  }

  /** Submits pending launches. */
  flush(): void {
    // Cleared first: otherwise one launch that cannot be bound would make every later flush fail.
    const [launches, cost] = [this.#pending, this.#cost];
    this.clear();
    const bound = bindLaunches(this.#gpu, launches, this.#pipelines, this.#ledger);
    const encoder = this.#gpu.createCommandEncoder();
    encodeLaunches(encoder, bound.launches);
    this.#gpu.queue.submit([encoder.finish()]);
    this.#inFlight.add(this, cost);
    for (const made of bound.owned) this.#ledger.destroy(made);
  }

  /** Discards pending launches. */
  clear(): void {
    this.#pending = [];
    this.#cost = 0;
  }
}

import type { WorkInFlight } from "../timing/work_in_flight.ts";
import { DeviceLostError, fromGpuError } from "./errors.ts";

/** Milliseconds within which a device reports that it was lost, after a wait for it has failed with another error. */
const NEWS_TIME = 50;

/**
 * Errors that a device has reported and that were not thrown yet, and whether it can be used at all. WebGPU reports
 * errors long after the calls that caused them, and calls to a device that is lost often do nothing, without an error.
 */
export class DeviceHealth {
  #gpu: GPUDevice;
  #inFlight: WorkInFlight;
  #failure: Error | undefined;
  #end: DeviceLostError | undefined;

  /**
   * Listens to a device from now on.
   *
   * @param inFlight Is told of each wait.
   * @param onFailure Is called for each error that the device reports.
   */
  constructor(gpu: GPUDevice, name: string, inFlight: WorkInFlight, onFailure: () => void) {
    this.#gpu = gpu;
    this.#inFlight = inFlight;
    gpu.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#failure ??= fromGpuError((event as GPUUncapturedErrorEvent).error, name);
      onFailure();
    });
    gpu.lost.then(({ reason, message }) => {
      this.#end ??= new DeviceLostError(
        "lost",
        `The GPU device ${name} was lost (${reason}): ${message || "the driver gave no reason"}. ` +
          "Start again from the last checkpoint",
      );
    });
  }

  /** True once the device was lost or disposed. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Says that the device is disposed: from here on it cannot be used. */
  dispose(): void {
    this.#end ??= new DeviceLostError(
      "disposed",
      "Cannot use this GPU device: it was disposed. Open another one with openDevice()",
    );
  }

  /**
   * Throws if the device can no longer be used.
   *
   * @throws {DeviceLostError} if it was lost or disposed.
   */
  expectUsable(): void {
    if (!this.#end) return;
    // Thrown as a new error, so that its stack shows what was tried
    throw new DeviceLostError(this.#end.kind, this.#end.message);
  }

  /** Throws what the GPU reported since the last call, if anything. */
  check(): void {
    this.expectUsable();
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
  }

  /** Waits for something that the GPU does. If it fails, or the GPU has reported an error, throws the true reason. */
  async guard<T>(work: Promise<T>): Promise<T> {
    const land = this.#inFlight.depart();
    try {
      const result = await work;
      land();
      this.check();
      return result;
    } catch (error) {
      await this.#awaitNews();
      this.check();
      throw error;
    }
  }

  /** Waits for a report that the device was lost. */
  async #awaitNews(): Promise<void> {
    if (this.#end) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const time = new Promise<void>((resolve) => timer = setTimeout(resolve, NEWS_TIME));
    await Promise.race([this.#gpu.lost, time]);
    clearTimeout(timer);
  }
}

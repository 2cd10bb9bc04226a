import type { Device } from "../device/device.ts";
import { median } from "./median.ts";

/** Waits for an idle device that the stopwatch takes the median of. */
const IDLE_WAITS = 7;

/**
 * Times work on a device from the outside, which works on every adapter. For the time of single kernels see
 * {@linkcode LaunchTimer}.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { matmul, openDevice, Stopwatch } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const a = device.tensor([[1, 2], [3, 4]]);
 * using program = device.program({}, () => matmul(a, a));
 * const stopwatch = await Stopwatch.on(device);
 * const run = () => program.run();
 * assert(await stopwatch.time(run, await stopwatch.runsIn(0.1, run)) > 0); // milliseconds a run
 * ```
 */
export class Stopwatch {
  #device: Device;
  /** Milliseconds that a wait takes when there is nothing to wait for: 10 or more in Deno, which sleeps in it. */
  readonly idle: number;

  private constructor(device: Device, idle: number) {
    this.#device = device;
    this.idle = idle;
  }

  /** Measures what a wait costs on this device. */
  static async on(device: Device): Promise<Stopwatch> {
    await device.settled();
    const waits: number[] = [];
    for (let i = 0; i < IDLE_WAITS; i++) {
      const start = performance.now();
      await device.settled();
      waits.push(performance.now() - start);
    }
    return new Stopwatch(device, median(waits));
  }

  /** Milliseconds a run, of `times` runs that follow each other without a wait; the wait at their end is subtracted. */
  async time(run: () => void, times: number): Promise<number> {
    await this.#device.settled();
    const start = performance.now();
    for (let i = 0; i < times; i++) run();
    await this.#device.settled();
    return Math.max(performance.now() - start - this.idle, 1e-3) / times;
  }

  /** Runs that take about `seconds`; at least one. Runs once before it measures, so that kernels are compiled. */
  async runsIn(seconds: number, run: () => void): Promise<number> {
    await this.time(run, 1);
    return seconds === 0 ? 1 : Math.max(1, Math.round(seconds * 1000 / await this.time(run, 1)));
  }
}

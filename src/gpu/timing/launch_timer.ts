import { printAsText } from "../tensor/print_as_text.ts";
import type { BoundLaunch, SubmitPart } from "../kernel/bound_launch.ts";
import type { Device } from "../device/device.ts";
import { PassTimer } from "./pass_timer.ts";

/**
 * Times every launch of a program by timestamps on the GPU. The program runs as it always does, launch after launch in
 * as many submits, but each launch has a compute pass of its own, between whose ends the time is taken. What is computed
 * stays the same to the bit; the run as a whole takes a little longer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LaunchTimer, matmul, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * using square = device.program({ a: [2, 2] }, ({ a }) => ({ y: matmul(a, a) }));
 * if (device.capabilities.timestamps) {
 *   using timer = await LaunchTimer.on(device, square.launches.length);
 *   square.run({ a: [1, 2, 3, 4] }, timer.encode);
 *   assertEquals((await timer.read()).length, 1); // milliseconds
 * }
 * ```
 */
export class LaunchTimer implements Disposable {
  static #printed = /* @__PURE__ */ printAsText(LaunchTimer);
  #passes: PassTimer;
  #disposed = false;

  private constructor(passes: PassTimer) {
    this.#passes = passes;
  }

  /**
   * A timer for programs with a number of launches. The first on a device takes a tenth of a second, in which it finds
   * how long the ticks of the GPU's clock are: WebGPU promises nanoseconds, but wgpu, which Deno uses, may return the
   * driver's ticks.
   *
   * @throws {TimestampsMissingError} if the device has no timestamps.
   */
  static async on(device: Device, launches: number): Promise<LaunchTimer> {
    return new LaunchTimer(await PassTimer.on(device, launches));
  }

  /**
   * Encodes launches in passes of their own: to be given to `program.run`.
   *
   * @throws {RangeError} if their number is not the timer's.
   */
  readonly encode = (
    encoder: GPUCommandEncoder,
    launches: readonly BoundLaunch[],
    { first, of }: SubmitPart,
  ): void => {
    const { count } = this.#passes;
    if (of !== count) {
      throw new RangeError(
        `This timer needs ${count} launches, found ${of}. Create a timer for this program`,
      );
    }
    this.#passes.encode(encoder, launches.map((launch) => ({ launches: [launch] })), first);
  };

  /** Waits for the run that was encoded last, and gives the milliseconds of its launches, in order. */
  async read(): Promise<number[]> {
    return await this.#passes.read();
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#passes[Symbol.dispose]();
  }

  /** What it is, in short: `LaunchTimer of 12 launches`. */
  toString(): string {
    return `LaunchTimer of ${this.#passes.count} launches${this.#disposed ? ", disposed" : ""}`;
  }
}

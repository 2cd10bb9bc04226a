import { printAsText } from "../tensor/print_as_text.ts";
import type { BoundLaunch, SubmitPart } from "../kernel/bound_launch.ts";
import type { Device } from "../device/device.ts";
import { encodeImageCopy } from "../kernel/images/create_images.ts";
import { TimestampsMissingError } from "../device/errors.ts";

/** Queries in one set, as many as WebGPU allows. */
const SET_SIZE = 4096;

/** Bytes of one timestamp. */
const BYTES = 8;

/** Milliseconds between the two readings of the GPU's clock that show how long its ticks are. */
const CALIBRATION = 100;

/** Nanoseconds of a tick, found once for each device. */
const ticks = new WeakMap<Device, Promise<number>>();

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
  #device: Device;
  #count: number;
  #nanoseconds: number;
  #sets: GPUQuerySet[];
  #resolved: GPUBuffer;
  #staging: GPUBuffer;
  #disposed = false;

  private constructor(device: Device, count: number, nanoseconds: number) {
    const { gpu, ledger } = device;
    this.#device = device;
    this.#count = count;
    this.#nanoseconds = nanoseconds;
    this.#sets = Array.from({ length: Math.ceil(2 * count / SET_SIZE) }, (_, i) => {
      return gpu.createQuerySet({ type: "timestamp", count: Math.min(SET_SIZE, 2 * count - i * SET_SIZE) });
    });
    const size = Math.max(2 * count, 1) * BYTES;
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    this.#resolved = ledger.create(gpu, { size, usage: QUERY_RESOLVE | COPY_SRC });
    this.#staging = ledger.create(gpu, { size, usage: COPY_DST | MAP_READ });
  }

  /**
   * A timer for programs with a number of launches. The first on a device takes a tenth of a second, in which it finds
   * how long the ticks of the GPU's clock are: WebGPU promises nanoseconds, but wgpu, which Deno uses, may return the
   * driver's ticks.
   *
   * @throws {TimestampsMissingError} if the device has no timestamps.
   */
  static async on(device: Device, launches: number): Promise<LaunchTimer> {
    if (!device.capabilities.timestamps) {
      throw new TimestampsMissingError(
        `Cannot time kernels on ${device.adapter.name}: it must support WebGPU's 'timestamp-query'. ` +
          "Use another adapter or driver",
      );
    }
    const known = ticks.get(device) ?? nanosecondsOfTick(device);
    ticks.set(device, known);
    return new LaunchTimer(device, launches, await known);
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
    if (of !== this.#count) {
      throw new RangeError(
        `This timer needs ${this.#count} launches, found ${of}. Create a timer for this program`,
      );
    }
    for (const [i, { pipeline, bindGroup, images, launch }] of launches.entries()) {
      for (const image of images) encodeImageCopy(encoder, image);
      const place = 2 * (first + i);
      const index = place % SET_SIZE;
      const pass = encoder.beginComputePass({
        timestampWrites: {
          querySet: this.#sets[Math.floor(place / SET_SIZE)]!,
          beginningOfPassWriteIndex: index,
          endOfPassWriteIndex: index + 1,
        },
      });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...launch.workgroups);
      pass.end();
    }
    if (first + launches.length < of) return;
    for (const [i, set] of this.#sets.entries()) {
      encoder.resolveQuerySet(set, 0, set.count, this.#resolved, i * SET_SIZE * BYTES);
    }
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, this.#staging.size);
  };

  /** Waits for the run that was encoded last, and gives the milliseconds of its launches, in order. */
  async read(): Promise<number[]> {
    const ticks = await this.#device.guard(readTicks(this.#staging));
    return Array.from({ length: this.#count }, (_, i) => {
      // A driver that sets its clock back in between gives an end before the start
      return Math.max(0, Number(ticks[2 * i + 1]! - ticks[2 * i]!)) * this.#nanoseconds / 1e6;
    });
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const set of this.#sets) set.destroy();
    this.#device.ledger.destroy(this.#resolved);
    this.#device.ledger.destroy(this.#staging);
  }

  /** What it is, in short: `LaunchTimer of 12 launches`. */
  toString(): string {
    return `LaunchTimer of ${this.#count} launches${this.#disposed ? ", disposed" : ""}`;
  }
}

printAsText(LaunchTimer);

async function readTicks(staging: GPUBuffer): Promise<BigUint64Array> {
  await staging.mapAsync(GPUMapMode.READ);
  const ticks = new BigUint64Array(staging.getMappedRange().slice(0));
  staging.unmap();
  return ticks;
}

/**
 * Nanoseconds between two ticks of the GPU's clock: its progress between two moments is compared with the host's.
 * Clocks that do not count nanoseconds have ticks of ten and more, so anything near one is one.
 */
async function nanosecondsOfTick(device: Device): Promise<number> {
  await device.settled();
  const first = await readClock(device);
  await new Promise((resolve) => setTimeout(resolve, CALIBRATION));
  const second = await readClock(device);
  const measured = (second.host - first.host) * 1e6 / Number(second.ticks - first.ticks);
  return measured > 2 && Number.isFinite(measured) ? measured : 1;
}

/** The GPU's clock, and the host's in milliseconds, at about the same moment. The GPU must be idle. */
async function readClock(device: Device): Promise<{ host: number; ticks: bigint }> {
  const { gpu, ledger } = device;
  const set = gpu.createQuerySet({ type: "timestamp", count: 2 });
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const resolved = ledger.create(gpu, { size: 2 * BYTES, usage: QUERY_RESOLVE | COPY_SRC });
  const staging = ledger.create(gpu, { size: 2 * BYTES, usage: COPY_DST | MAP_READ });
  const encoder = gpu.createCommandEncoder();
  const timestampWrites = { querySet: set, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
  encoder.beginComputePass({ timestampWrites }).end();
  encoder.resolveQuerySet(set, 0, 2, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, 2 * BYTES);
  const host = performance.now();
  gpu.queue.submit([encoder.finish()]);
  const [ticks] = await device.guard(readTicks(staging));
  set.destroy();
  ledger.destroy(resolved);
  ledger.destroy(staging);
  return { host, ticks: ticks! };
}

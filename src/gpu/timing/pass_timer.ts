import { type BoundLaunch, encodeTimedLaunches, type LaunchTimes } from "../kernel/bound_launch.ts";
import type { Device } from "../device/device.ts";
import { TimestampsMissingError } from "../device/errors.ts";

/** Queries in one set, as many as WebGPU allows. */
const SET_SIZE = 4096;

/** Bytes of one timestamp. */
const BYTES = 8;

/** Milliseconds between the two readings of the GPU's clock that show how long its ticks are. */
const CALIBRATION = 100;

/** Nanoseconds of a tick, found once for each device. */
const ticks = new WeakMap<Device, Promise<number>>();

/** Launches that are encoded together. */
export interface TimedPass {
  /** In order. */
  readonly launches: readonly BoundLaunch[];
  /**
   * How often they run, one after another.
   *
   * @default {1}
   */
  readonly times?: number;
  /**
   * Not timed: it only keeps the GPU busy.
   *
   * @default {false}
   */
  readonly untimed?: boolean;
}

/** Times passes, each from its begin to its end, by timestamps on the GPU. */
export class PassTimer implements Disposable {
  /** Passes that it times. */
  readonly count: number;
  #device: Device;
  #nanoseconds: number;
  #sets: GPUQuerySet[];
  #resolved: GPUBuffer;
  #staging: GPUBuffer;

  private constructor(device: Device, count: number, nanoseconds: number) {
    const { gpu, ledger } = device;
    this.count = count;
    this.#device = device;
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
   * A timer for a number of passes. The first on a device takes a tenth of a second, in which it finds how long the
   * ticks of the GPU's clock are: WebGPU promises nanoseconds, but wgpu, which Deno uses, may return the driver's ticks.
   *
   * @throws {TimestampsMissingError} if the device has no timestamps.
   */
  static async on(device: Device, count: number): Promise<PassTimer> {
    if (!device.capabilities.timestamps) {
      throw new TimestampsMissingError(
        `Cannot time kernels on ${device.adapter.name}: it must support WebGPU's 'timestamp-query'. ` +
          "Use another adapter or driver",
      );
    }
    const known = ticks.get(device) ?? nanosecondsOfTick(device);
    ticks.set(device, known);
    return new PassTimer(device, count, await known);
  }

  /**
   * Encodes passes, and after the last one that is timed the copies that {@linkcode read} waits for.
   *
   * @param first Passes that were timed in submits before this one, if all do not go into one.
   */
  encode(encoder: GPUCommandEncoder, passes: readonly TimedPass[], first = 0): void {
    let index = first;
    for (const { launches, times = 1, untimed = false } of passes) {
      const all = times === 1 ? launches : Array.from({ length: times }, () => launches).flat();
      encodeTimedLaunches(encoder, all, untimed ? undefined : this.#timesOf(index++));
    }
    if (index < this.count) return;
    for (const [i, set] of this.#sets.entries()) {
      encoder.resolveQuerySet(set, 0, set.count, this.#resolved, i * SET_SIZE * BYTES);
    }
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, this.#staging.size);
  }

  /** Waits for the run that was encoded last, and gives the milliseconds of its passes, in order. */
  async read(): Promise<number[]> {
    const ticks = await this.#device.guard(readTicks(this.#staging));
    return Array.from({ length: this.count }, (_, i) => {
      // A driver that sets its clock back in between gives an end before the start
      return Math.max(0, Number(ticks[2 * i + 1]! - ticks[2 * i]!)) * this.#nanoseconds / 1e6;
    });
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    for (const set of this.#sets) set.destroy();
    this.#device.ledger.destroy(this.#resolved);
    this.#device.ledger.destroy(this.#staging);
  }

  #timesOf(pass: number): LaunchTimes {
    const begin = 2 * pass % SET_SIZE;
    return { querySet: this.#sets[Math.floor(2 * pass / SET_SIZE)]!, begin, end: begin + 1 };
  }
}

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

import { printAsText } from "../tensor/print_as_text.ts";
import {
  bindLaunches,
  type BoundLaunch,
  type BoundList,
  type EncodeLaunches,
  encodeLaunches,
} from "../kernel/bound_launch.ts";
import type { Device } from "../device/device.ts";
import type { Launch } from "../kernel/launch.ts";
import { launchCost } from "../kernel/launch_cost.ts";
import type { Meeting } from "./shards.ts";
import { planMemory } from "./memory_plan.ts";
import { splitLaunches } from "./split_launches.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Storage } from "../memory/storage.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../tensor/dtype.ts";

/** What a program takes: a shape of 32-bit floats, or a shape with an element type. */
export type ProgramInput = Shape | { readonly shape: Shape; readonly dtype: DType };

/** What a program costs. */
export interface ProgramStats {
  /** Kernel launches a run. */
  readonly launches: number;
  /** Submits a run, unless it takes long: those of a long run are half a second of work each. */
  readonly submits: number;
  /** Bytes of the buffers for temporaries. */
  readonly temporaryBytes: number;
  /** Bytes of the textures that hold copies of what kernels read as images. */
  readonly imageBytes: number;
  /** The fewest bytes that the temporaries could take, all alive ones added up at the worst moment. */
  readonly livenessBytes: number;
}

/** A launch of a program. */
export interface LaunchTime {
  /** Its kernel. */
  readonly kernel: string;
  /** What it takes at the least. */
  readonly seconds: number;
}

/**
 * A fixed list of launches, recorded once and run many times: one command buffer and one submit a run, nothing
 * allocated. A run that takes more than half a second goes out in several submits, since drivers reset a GPU that is
 * busy with one for too long. What it computes stays the same to the bit.
 *
 * @typeParam I names of the inputs
 * @typeParam O the outputs
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matmul, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * using square = device.program({ a: [2, 2] }, ({ a }) => ({ y: matmul(a, a) }));
 * square.run({ a: [1, 2, 3, 4] });
 * assertEquals([...await square.outputs.y.data()], [7, 10, 15, 22]);
 * ```
 */
export class Program<I extends string = string, O = unknown> implements Disposable {
  static #printed = /* @__PURE__ */ printAsText(Program);
  /** Tensors that a run fills from what it is given. */
  readonly inputs: Readonly<Record<I, Tensor>>;
  /**
   * What the recording returned. Tensors in it, however deep in arrays, plain objects, maps and sets, hold the values
   * of the last run.
   */
  readonly outputs: O;
  /** What a run costs. */
  readonly stats: ProgramStats;
  #device: Device;
  #bound: BoundList;
  #meetings: readonly PlacedMeeting[];
  #costs: readonly number[];
  #cost: number;
  #owned: GPUBuffer[];
  #tensors: readonly Tensor[];
  #held: ReadonlySet<Storage>;
  #placed: readonly Storage[];
  #disposed = false;

  /** Created by `device.program`. */
  constructor(
    device: Device,
    recording: {
      inputs: Readonly<Record<I, Tensor>>;
      outputs: O;
      launches: readonly Launch[];
      kept: ReadonlySet<Storage>;
      tensors: readonly Tensor[];
      held: ReadonlySet<Storage>;
    },
  ) {
    this.#device = device;
    this.inputs = recording.inputs;
    this.outputs = recording.outputs;
    this.#tensors = recording.tensors;
    this.#held = recording.held;
    const { minStorageBufferOffsetAlignment: alignment, maxBufferSize: largest } = device.gpu.limits;
    const plan = planMemory(recording.launches, recording.kept, { alignment, largest });
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    this.#owned = plan.buffers.map(({ bytes, places }) => {
      const buffer = device.ledger.create(device.gpu, { size: bytes, usage });
      for (const { storage, offset } of places) storage.place(buffer, offset);
      return buffer;
    });
    this.#placed = plan.buffers.flatMap(({ places }) => places.map(({ storage }) => storage));
    const launches = recording.launches.filter(({ meeting }) => !meeting);
    this.#meetings = placedMeetings(recording.launches);
    this.#bound = bindLaunches(device.gpu, launches, device.pipelines, device.ledger);
    this.#costs = launches.map(launchCost);
    this.#cost = this.#costs.reduce((sum, cost) => sum + cost, 0);
    this.stats = {
      launches: launches.length,
      submits: this.#meetings.length + 1,
      temporaryBytes: plan.bytes,
      imageBytes: this.#bound.imageBytes,
      livenessBytes: plan.livenessBytes,
    };
  }

  /** The launches in order, for profiles and tests. */
  get launches(): readonly BoundLaunch[] {
    return this.#bound.launches;
  }

  /**
   * Runs once: copies the inputs given, then submits. Inputs that are not given stay as they are, and are zeros at
   * first. Returns at once; values are read with `device.read`.
   *
   * @param encode How the launches are encoded: `encode` of a {@linkcode LaunchTimer} has each of them timed.
   * @throws {RangeError} if an input has the wrong number of elements.
   * @throws {Error} if the program was disposed, or if another one is being recorded.
   */
  run(inputs: Partial<Record<I, ArrayLike<number>>> = {}, encode: EncodeLaunches = encodeLaunches): void {
    if (this.#meetings.length > 0) {
      throw new Error(
        "Cannot run this program alone: it has some of a batch's shards and needs the others. Call runTogether()",
      );
    }
    this.#begin(inputs);
    this.#submit(0, this.#bound.launches.length, encode);
    this.#device.inFlight.add(this, this.#cost);
  }

  /**
   * Runs once, as one of several programs that share the shards of a batch: `meet` is called wherever they need each
   * other, with what they are to give each other there, and waited for.
   *
   * @throws what `run()` throws, and what `meet` throws.
   */
  async runTogether(
    meet: (meeting: readonly Meeting[]) => Promise<void>,
    encode: EncodeLaunches = encodeLaunches,
  ): Promise<void> {
    this.#begin({});
    let first = 0;
    for (const { at, meeting } of this.#meetings) {
      this.#submit(first, at, encode);
      first = at;
      await meet(meeting);
    }
    this.#submit(first, this.#bound.launches.length, encode);
    this.#device.inFlight.add(this, this.#cost);
  }

  #begin(inputs: Partial<Record<I, ArrayLike<number>>>): void {
    if (this.#disposed) throw new Error("Cannot run this program: it was disposed. Record a new one");
    if (this.#device.recording) {
      throw new Error("Cannot run a program while another one is recorded. Run it before or after");
    }
    for (const name in inputs) this.#device.write(this.inputs[name], inputs[name]!);
  }

  /** Submits launches from one on, before another one. */
  #submit(from: number, to: number, encode: EncodeLaunches): void {
    const { launches } = this.#bound;
    const most = this.#device.inFlight.mostInSubmit(this, "atMost");
    const costs = to - from === launches.length ? this.#costs : this.#costs.slice(from, to);
    let first = from;
    for (const end of this.#cost <= most ? [to - from] : splitLaunches(costs, most)) {
      const last = from + end;
      const part = { first, of: launches.length };
      const some = last - first === launches.length ? launches : launches.slice(first, last);
      if (some.length > 0) this.#device.submit((encoder) => encode(encoder, some, part));
      first = last;
    }
  }

  /** The launch that takes longest, as far as waits for earlier runs have shown; undefined if none has. */
  get longest(): LaunchTime | undefined {
    const cost = Math.max(0, ...this.#costs);
    const seconds = this.#device.inFlight.secondsAtLeast(this, cost);
    if (seconds === 0) return undefined;
    return { kernel: this.#bound.launches[this.#costs.indexOf(cost)]!.launch.kernel.label, seconds };
  }

  /** Frees its inputs, outputs and temporaries. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    // Launches that wait may read its outputs.
    if (!this.#device.ended) this.#device.flush();
    for (const tensor of this.#tensors) tensor.dispose();
    for (const storage of this.#held) storage.release();
    for (const storage of this.#placed) storage.displace();
    for (const buffer of this.#owned) this.#device.ledger.destroy(buffer);
    for (const made of this.#bound.owned) this.#device.ledger.destroy(made);
  }

  /** What it is, in short: `Program of 12 launches on llvmpipe`. */
  toString(): string {
    const { launches } = this.stats;
    const where = this.#disposed ? ", disposed" : ` on ${this.#device.adapter.name}`;
    return `Program of ${launches} ${launches === 1 ? "launch" : "launches"}${where}`;
  }
}

/** Meetings, and how many launches come before them. */
interface PlacedMeeting {
  readonly at: number;
  readonly meeting: readonly Meeting[];
}

function placedMeetings(launches: readonly Launch[]): PlacedMeeting[] {
  const placed: PlacedMeeting[] = [];
  let at = 0;
  for (const { meeting } of launches) {
    if (meeting) placed.push({ at, meeting });
    else at++;
  }
  return placed;
}

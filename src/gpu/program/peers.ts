import type { Device } from "../device/device.ts";
import { QuickReadback } from "../memory/quick_readback.ts";
import { sliceTensor } from "../tensor/slice.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { GatheredRows, Meeting, ScatteredParts } from "./shards.ts";

/** Programs that share the shards of a batch, as one of them sees them: the ranks of MPI, for instance. */
export interface Peers {
  /** The place of this one, counted from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /** Gives `own` to all, and gets what all give, in the order of their places. */
  gather(own: Uint8Array, into: Uint8Array): Promise<void>;
  /** Gives part i of equal `parts` to the one at place i, and gets the parts for this one, in the order of their places. */
  exchange(parts: Uint8Array, into: Uint8Array): Promise<void>;
}

/** Where the time of meetings went, in seconds. */
export interface MeetingTimes {
  /** Waiting for the GPU, and reading from it. */
  reading: number;
  /** Waiting for others, and passing bytes. */
  passing: number;
  /** Writing to the GPU. */
  writing: number;
  /** How often all met. */
  meetings: number;
  /** Bytes that this one gave to the others. */
  bytes: number;
}

/** Carries out the meetings of a program by way of the host. */
export class PeerMeetings implements Disposable {
  /** Where the time went. */
  readonly times: MeetingTimes = { reading: 0, passing: 0, writing: 0, meetings: 0, bytes: 0 };
  readonly #device: Device;
  readonly #peers: Peers;
  readonly #readback: QuickReadback;

  /** Of a device's programs. */
  constructor(device: Device, peers: Peers) {
    this.#device = device;
    this.#peers = peers;
    this.#readback = new QuickReadback(device);
  }

  /** Meets the others. All that one cut of a program needs takes one reading and, of a kind, one message. */
  async meet(meetings: readonly Meeting[]): Promise<void> {
    const [device, { times }] = [this.#device, this];
    const owned = new DisposableStack();
    const part = (tensor: Tensor, first: number, end: number) =>
      owned.use(sliceTensor(tensor, first, [Math.max(0, Math.min(end, tensor.size) - first)]));
    const began = performance.now();
    const given = await this.#readback.read(
      meetings.map((meeting) =>
        meeting.kind === "gather"
          ? part(meeting.tensor, meeting.own[0] * meeting.row, meeting.own[1] * meeting.row)
          : meeting.values
      ),
    );
    const read = performance.now();
    const gathered = meetings.flatMap((meeting, at) =>
      meeting.kind === "gather" ? [[meeting, given[at]!] as const] : []
    );
    const scattered = meetings.flatMap((meeting, at) =>
      meeting.kind === "scatter" ? [[meeting, given[at]!] as const] : []
    );
    const rows = gathered.length > 0 ? await this.#gather(gathered) : [];
    const parts = [];
    for (const [meeting, values] of scattered) parts.push(await this.#exchange(meeting, values));
    const passed = performance.now();
    for (const [at, [{ tensor, row, own: [first, end] }]] of gathered.entries()) {
      const all = rows[at]!;
      for (const [from, to] of [[0, first * row], [end * row, tensor.size]] as const) {
        if (from < to) device.write(part(tensor, from, to), all.subarray(from, to));
      }
    }
    for (const [at, [{ parts: into }]] of scattered.entries()) device.write(into, parts[at]!);
    owned.dispose();
    const written = performance.now();
    times.reading += (read - began) / 1000;
    times.passing += (passed - read) / 1000;
    times.writing += (written - passed) / 1000;
    times.meetings++;
  }

  /** Frees what it reads with. */
  [Symbol.dispose](): void {
    this.#readback[Symbol.dispose]();
  }

  /** All rows of some tensors, of which this one has a part each. */
  async #gather(
    gathered: readonly (readonly [GatheredRows, Float32Array])[],
  ): Promise<Float32Array[]> {
    const { size } = this.#peers;
    const lengths = gathered.map(([{ row, own: [first, end] }]) => (end - first) * row);
    const length = lengths.reduce((a, b) => a + b);
    const own = new Float32Array(length);
    let start = 0;
    for (const [at, [, values]] of gathered.entries()) {
      own.set(values, start);
      start += lengths[at]!;
    }
    const all = new Float32Array(size * length);
    await this.#peers.gather(bytesOf(own), bytesOf(all));
    this.times.bytes += own.byteLength * (size - 1);
    start = 0;
    return gathered.map((_, at) => {
      const each = lengths[at]!;
      const whole = new Float32Array(size * each);
      for (let rank = 0; rank < size; rank++) {
        whole.set(all.subarray(rank * length + start, rank * length + start + each), rank * each);
      }
      start += each;
      return whole;
    });
  }

  /** The parts of values that are for this one. */
  async #exchange({ parts }: ScatteredParts, values: Float32Array): Promise<Float32Array> {
    const given = new Float32Array(parts.size);
    given.set(values);
    const got = new Float32Array(parts.size);
    await this.#peers.exchange(bytesOf(given), bytesOf(got));
    this.times.bytes += given.byteLength / this.#peers.size * (this.#peers.size - 1);
    return got;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

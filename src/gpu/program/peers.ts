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
  /**
   * Gives part i to the one at place i, and gets from it what it has for this one, into place i of `into`. All parts are of
   * one length; those at the own place are left alone.
   */
  exchange(parts: readonly Uint8Array[], into: readonly Uint8Array[]): Promise<void>;
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
  readonly #rooms = new Map<string, Float32Array<ArrayBuffer>>();

  /** Of a device's programs. */
  constructor(device: Device, peers: Peers) {
    this.#device = device;
    this.#peers = peers;
    this.#readback = new QuickReadback(device);
  }

  /** Meets the others. What one cut of a program needs takes one reading, and of each kind one message. */
  async meet(meetings: readonly Meeting[]): Promise<void> {
    const { times } = this;
    const began = performance.now();
    using owned = new DisposableStack();
    const cut = (tensor: Tensor, [first, end]: readonly [number, number]): Tensor[] => {
      const length = Math.min(end, tensor.size) - first;
      return length > 0 ? [owned.use(sliceTensor(tensor, first, [length]))] : [];
    };
    const given = meetings.map((meeting) =>
      partsToGive(meeting, this.#peers).map((part) => cut(meetingTensor(meeting), part))
    );
    const held = owned.use(await this.#readback.read(given.flat(2)));
    const read = performance.now();
    let next = 0;
    const values = given.map((parts) =>
      parts.map((part) => part.length > 0 ? held.values[next++]! : new Float32Array())
    );
    const gathered: [GatheredRows, Float32Array][] = [];
    const writes: (readonly [Tensor, Float32Array])[] = [];
    for (const [at, meeting] of meetings.entries()) {
      if (meeting.kind === "gather") gathered.push([meeting, values[at]![0]!]);
      else writes.push(...await this.#exchange(meeting, values[at]!));
    }
    if (gathered.length > 0) {
      const all = await this.#gather(gathered);
      for (const [at, [{ tensor, row, own: [first, end] }]] of gathered.entries()) {
        for (const part of [[0, first * row], [end * row, tensor.size]] as const) {
          for (const slice of cut(tensor, part)) {
            writes.push([slice, all[at]!.subarray(part[0], part[0] + slice.size)]);
          }
        }
      }
    }
    const passed = performance.now();
    for (const [tensor, values] of writes) this.#device.write(tensor, values);
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

  /** All rows of some tensors, of which this one has some each. */
  async #gather(gathered: readonly (readonly [GatheredRows, Float32Array])[]): Promise<Float32Array[]> {
    const { size } = this.#peers;
    const lengths = gathered.map(([{ row, own: [first, end] }]) => (end - first) * row);
    const length = lengths.reduce((a, b) => a + b);
    const [[, only]] = gathered as [readonly [GatheredRows, Float32Array]];
    const own = gathered.length === 1 && only.length === length ? only : this.#room("own", length);
    let start = 0;
    for (const [at, [, values]] of gathered.entries()) {
      if (own !== values) own.set(values, start);
      start += lengths[at]!;
    }
    const all = this.#room("all", size * length);
    await this.#peers.gather(bytesOf(own), bytesOf(all));
    this.times.bytes += own.byteLength * (size - 1);
    if (gathered.length === 1) return [all];
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

  /** The parts of values that the others have for this one. */
  async #exchange(
    { parts }: ScatteredParts,
    given: readonly Float32Array[],
  ): Promise<(readonly [Tensor, Float32Array])[]> {
    const { rank, size } = this.#peers;
    const length = parts.size / size;
    const got = this.#room("got", parts.size);
    const padded = given.map((part, at) => {
      if (part.length === length || at === rank) return part;
      const whole = new Float32Array(length);
      whole.set(part);
      return whole;
    });
    const places = Array.from({ length: size }, (_, at) => got.subarray(at * length, (at + 1) * length));
    await this.#peers.exchange(padded.map(bytesOf), places.map(bytesOf));
    this.times.bytes += length * Float32Array.BYTES_PER_ELEMENT * (size - 1);
    return places.flatMap((values, at) =>
      at === rank ? [] : [[sliceTensor(parts, at * length, [length]), values] as const]
    );
  }

  /** Memory that is used again in each meeting. */
  #room(name: string, length: number): Float32Array<ArrayBuffer> {
    let room = this.#rooms.get(name);
    if (!room || room.length < length) this.#rooms.set(name, room = new Float32Array(length));
    return room.subarray(0, length);
  }
}

function meetingTensor(meeting: Meeting): Tensor {
  return meeting.kind === "gather" ? meeting.tensor : meeting.values;
}

/** The elements that one gives to others: its own rows, or of values each one's part, but none to itself. */
function partsToGive(meeting: Meeting, { rank, size }: Peers): (readonly [first: number, end: number])[] {
  if (meeting.kind === "gather") {
    const { row, own: [first, end] } = meeting;
    return [[first * row, end * row]];
  }
  const length = meeting.parts.size / size;
  return Array.from({ length: size }, (_, at) => at === rank ? [0, 0] : [at * length, (at + 1) * length]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

import type { Device } from "../device/device.ts";
import type { Recording } from "./recording.ts";
import { recordMeeting, type ShardRows, type Shards } from "./shards.ts";

/** The shard whose launches are being recorded. */
export interface Shard {
  /** All shards, and which are the program's own. */
  readonly shards: Shards;
  /** Its number, counted from 0. */
  readonly index: number;
  /** Whether it is the program's first one. */
  readonly isFirst: boolean;
  /**
   * What is made once for all shards at this place of their pass: the first one makes it. What that launches may read
   * what shards had written before they last met.
   */
  once<T>(make: () => T): T;
  /** Waits for all shards at this place of their pass: what comes later finds these rows whole. */
  meet(rows: ShardRows): void;
  /** Has all shards meet after their passes: what `then` launches, once for all, finds these rows whole. */
  later(rows: ShardRows, then: () => void): void;
}

/** The programs that are being recorded, and the shards in them. */
const recorded = new WeakMap<Device, { readonly recording: Recording; shard: Shard | undefined }>();

/** Says that a program is being recorded, until this is disposed. */
export function passing(device: Device, recording: Recording): Disposable {
  recorded.set(device, { recording, shard: undefined });
  return { [Symbol.dispose]: () => void recorded.delete(device) };
}

/** The shard whose launches are being recorded; undefined if none is. */
export function shardOf(device: Device): Shard | undefined {
  return recorded.get(device)?.shard;
}

/**
 * Records the passes of a batch's shards through the same launches, and gives what `run` returned for each. Where they
 * need each other, as in a batch norm, they wait for each other, so that all run side by side.
 *
 * @throws {Error} if no program is being recorded, or shards take different ways.
 */
export function inShards<T>(device: Device, shards: Shards, run: (shard: number) => T): T[] {
  const program = recorded.get(device);
  if (!program) {
    throw new Error("Cannot pass shards: use device.program(), found none that is being recorded");
  }
  if (program.shard) {
    throw new Error(`Cannot pass shards inside of a shard, found shard ${program.shard.index}`);
  }
  const { recording } = program;
  const { count, first, end } = shards;
  const begin = recording.stage;
  const made: unknown[] = [];
  const waiting: { readonly rows: ShardRows; readonly then: () => void }[] = [];
  const gather = (all: readonly ShardRows[]) => {
    if (end - first === count || all.length === 0) return;
    recordMeeting(
      device,
      all.map(({ tensor, length: row }) => ({ kind: "gather", tensor, row, own: [first, end] })),
    );
  };
  let last = begin;
  try {
    const results = Array.from({ length: end - first }, (_, at) => {
      const [index, isFirst] = [first + at, at === 0];
      const differs = () =>
        new Error(`Cannot record shard ${index}: all shards must take one way, found another`);
      let place = 0;
      recording.stage = begin;
      program.shard = {
        ...{ shards, index, isFirst },
        once: <T>(make: () => T): T => {
          if (isFirst) made.push(make());
          if (place === made.length) throw differs();
          return made[place++] as T;
        },
        meet: (rows) => {
          recording.stage++;
          if (isFirst) gather([rows]);
        },
        later: (rows, then) => {
          if (isFirst) waiting.push({ rows, then });
        },
      };
      const result = run(index);
      if (isFirst) last = recording.stage;
      else if (recording.stage !== last || place !== made.length) throw differs();
      return result;
    });
    program.shard = undefined;
    if (waiting.length > 0) recording.stage = ++last;
    gather(waiting.map(({ rows }) => rows));
    for (const { then } of waiting) then();
    return results;
  } finally {
    program.shard = undefined;
    recording.stage = last;
  }
}

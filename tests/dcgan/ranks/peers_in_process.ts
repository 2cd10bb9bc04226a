import type { TrainingRanks } from "../../../src/dcgan/ranks/rank_messages.ts";

/** So many peers in one process, which meet once all of them have come. */
export function peersInProcess(size: number): TrainingRanks[] {
  /** Runs once all peers have given something, with what they gave. */
  const meeting = () => {
    let given: Uint8Array[] = [];
    let all = Promise.withResolvers<readonly Uint8Array[]>();
    return (rank: number, bytes: Uint8Array): Promise<readonly Uint8Array[]> => {
      const { promise } = all;
      given[rank] = bytes.slice();
      if (Object.keys(given).length === size) {
        all.resolve(given);
        given = [];
        all = Promise.withResolvers();
      }
      return promise;
    };
  };
  const told = Array.from({ length: size }, () => new TransformStream<Uint8Array>());
  const writers = told.map(({ writable }) => writable.getWriter());
  const readers = told.map(({ readable }) => readable.getReader());
  const [gathering, exchanging] = [meeting(), meeting()];
  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    gather: async (own, into) => {
      for (const [at, bytes] of (await gathering(rank, own)).entries()) into.set(bytes, at * own.length);
    },
    broadcast: async (bytes) => {
      if (rank > 0) return (await readers[rank]!.read()).value!;
      for (const writer of writers.slice(1)) writer.write(bytes!.slice());
      return bytes!;
    },
    exchange: async (parts, into) => {
      const each = parts.length === 1 ? 0 : parts[rank === 0 ? 1 : 0]!.length;
      const packed = new Uint8Array(size * each);
      for (const [at, part] of parts.entries()) if (at !== rank) packed.set(part, at * each);
      for (const [at, bytes] of (await exchanging(rank, packed)).entries()) {
        if (at !== rank) into[at]!.set(bytes.subarray(rank * each, (rank + 1) * each));
      }
    },
  }));
}

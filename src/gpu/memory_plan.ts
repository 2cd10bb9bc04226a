import type { Launch } from "./launch.ts";
import type { Storage } from "./storage.ts";

/** One buffer of a plan and the storages that take turns in it. */
export interface PlannedBuffer {
  /** Size in bytes. */
  bytes: number;
  /** The storages that live in it, one after another. */
  storages: Storage[];
}

/** Where the temporary storages of a program go. */
export interface MemoryPlan {
  /** The buffers to create. */
  buffers: PlannedBuffer[];
  /** Their bytes in all. */
  bytes: number;
  /** The most bytes of temporaries alive at once: no plan can take less. */
  livenessBytes: number;
}

interface Lifetime {
  storage: Storage;
  first: number;
  last: number;
}

/**
 * Plans memory for the storages that have no place yet: each lives from the first launch that touches it to the last,
 * and buffers are handed on. A buffer holds one storage at a time, since WebGPU does not allow one buffer to be read
 * and written in the same launch.
 *
 * Largest first, each into the smallest buffer that is free for its whole life.
 */
export function planMemory(launches: readonly Launch[], kept: ReadonlySet<Storage>): MemoryPlan {
  const lifetimes = findLifetimes(launches, kept);
  const bySize = [...lifetimes].sort((a, b) => b.storage.bytes - a.storage.bytes || a.first - b.first);
  const buffers: (PlannedBuffer & { taken: Lifetime[] })[] = [];
  for (const lifetime of bySize) {
    const free = buffers.findLast(({ taken }) =>
      taken.every((other) => lifetime.last < other.first || other.last < lifetime.first)
    );
    if (free) {
      free.taken.push(lifetime);
      free.storages.push(lifetime.storage);
    } else {
      buffers.push({ bytes: lifetime.storage.bytes, storages: [lifetime.storage], taken: [lifetime] });
    }
  }
  return {
    buffers: buffers.map(({ bytes, storages }) => ({ bytes, storages })),
    bytes: buffers.reduce((sum, { bytes }) => sum + bytes, 0),
    livenessBytes: peakOf(lifetimes, launches.length),
  };
}

function findLifetimes(launches: readonly Launch[], kept: ReadonlySet<Storage>): Lifetime[] {
  const lifetimes = new Map<Storage, Lifetime>();
  for (const [time, launch] of launches.entries()) {
    for (const { root } of launch.storages) {
      if (root.placed) continue;
      const known = lifetimes.get(root);
      if (known) known.last = time;
      else lifetimes.set(root, { storage: root, first: time, last: time });
    }
  }
  for (const storage of kept) {
    const lifetime = lifetimes.get(storage.root);
    if (lifetime) Object.assign(lifetime, { first: 0, last: launches.length });
  }
  return [...lifetimes.values()];
}

function peakOf(lifetimes: readonly Lifetime[], launches: number): number {
  const change = new Array<number>(launches + 2).fill(0);
  for (const { storage, first, last } of lifetimes) {
    change[first]! += storage.bytes;
    change[last + 1]! -= storage.bytes;
  }
  let live = 0;
  let peak = 0;
  for (const step of change) peak = Math.max(peak, live += step);
  return peak;
}

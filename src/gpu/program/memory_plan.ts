import { writes } from "../kernel/kernel.ts";
import type { Launch } from "../kernel/launch.ts";
import type { Storage } from "../memory/storage.ts";

/** A storage in a planned buffer. */
export interface Placement {
  /** What lies there. */
  readonly storage: Storage;
  /** First byte. */
  readonly offset: number;
}

/** One buffer of a plan and what lies in it, at one time or another. */
export interface PlannedBuffer {
  /** Size in bytes. */
  readonly bytes: number;
  /** The storages that it holds. Those alive at one time do not overlap. */
  readonly places: readonly Placement[];
}

/** Where the temporary storages of a program go. */
export interface MemoryPlan {
  /** The buffers to create. */
  readonly buffers: readonly PlannedBuffer[];
  /** Their bytes in all. */
  readonly bytes: number;
  /** The most bytes of temporaries alive at once: no plan can take less. */
  readonly livenessBytes: number;
}

/** What the adapter requires of a plan. */
export interface MemoryLimits {
  /** Storages begin at multiples of this many bytes. */
  readonly alignment: number;
  /** Most bytes of one buffer. */
  readonly largest: number;
}

interface Lifetime {
  readonly storage: Storage;
  first: number;
  last: number;
  /** Storages that a launch binds for writing beside this one for reading, or the other way round. */
  readonly apart: Set<Storage>;
}

interface Arena {
  bytes: number;
  readonly tenants: (Lifetime & Placement)[];
}

/**
 * Plans memory for the storages that have no place yet: each lives from the first launch that touches it to the last,
 * and then others take its bytes.
 *
 * Storages lie side by side in a few buffers. WebGPU does not allow a launch to read and write one buffer, whatever the
 * ranges, so those that a launch reads and those that it writes go into different ones. Largest first, each goes
 * where it makes buffers grow least.
 */
export function planMemory(
  launches: readonly Launch[],
  kept: ReadonlySet<Storage>,
  limits: MemoryLimits = { alignment: 256, largest: Infinity },
): MemoryPlan {
  const lifetimes = findLifetimes(launches, kept);
  const bySize = [...lifetimes].sort((a, b) => b.storage.bytes - a.storage.bytes || a.first - b.first);
  const arenas: Arena[] = [];
  for (const lifetime of bySize) place(lifetime, arenas, limits);
  return {
    buffers: arenas.map(({ bytes, tenants }) => ({
      bytes,
      places: tenants.map(({ storage, offset }) => ({ storage, offset })),
    })),
    bytes: arenas.reduce((sum, { bytes }) => sum + bytes, 0),
    livenessBytes: peakOf(lifetimes, launches.length),
  };
}

/** Adds a storage to the arena that grows least, or to a new one if that is no worse. */
function place(lifetime: Lifetime, arenas: Arena[], { alignment, largest }: MemoryLimits): void {
  const { bytes } = lifetime.storage;
  let best: { arena: Arena; offset: number; growth: number } | undefined;
  for (const arena of arenas) {
    if (arena.tenants.some(({ storage }) => lifetime.apart.has(storage))) continue;
    const offset = firstGap(lifetime, arena, alignment);
    const growth = Math.max(0, offset + bytes - arena.bytes);
    if (offset + bytes <= largest && growth < (best?.growth ?? bytes)) best = { arena, offset, growth };
  }
  if (best) {
    best.arena.bytes += best.growth;
    best.arena.tenants.push({ ...lifetime, offset: best.offset });
  } else {
    arenas.push({ bytes, tenants: [{ ...lifetime, offset: 0 }] });
  }
}

/** The lowest offset at which a storage meets no other of its time. */
function firstGap({ storage, first, last }: Lifetime, { tenants }: Arena, alignment: number): number {
  const taken = tenants
    .filter((tenant) => first <= tenant.last && tenant.first <= last)
    .sort((a, b) => a.offset - b.offset);
  let offset = 0;
  for (const tenant of taken) {
    if (offset + storage.bytes <= tenant.offset) break;
    const end = tenant.offset + tenant.storage.bytes;
    offset = Math.max(offset, Math.ceil(end / alignment) * alignment);
  }
  return offset;
}

function findLifetimes(launches: readonly Launch[], kept: ReadonlySet<Storage>): Lifetime[] {
  const lifetimes = new Map<Storage, Lifetime>();
  for (const [time, { kernel, storages }] of launches.entries()) {
    const roots = storages.map(({ root }) => root);
    const written = roots.filter((_, i) => writes(kernel.bindings[i]![1]));
    const read = roots.filter((_, i) => !writes(kernel.bindings[i]![1]));
    for (const [own, others] of [[read, written], [written, read]] as const) {
      for (const storage of own) {
        if (storage.placed) continue;
        const lifetime = lifetimes.get(storage) ?? { storage, first: time, last: time, apart: new Set() };
        lifetime.last = time;
        for (const other of others) lifetime.apart.add(other);
        lifetimes.set(storage, lifetime);
      }
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

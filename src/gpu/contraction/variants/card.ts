import type { AdapterFacts } from "../../device/adapter.ts";
import { type Family, familyOf } from "../../device/family.ts";
import type { TiledSchedule } from "../kernels/schedule.ts";

/** What the cost of a sum of products on a graphics card depends on; of the usual card of a family. */
export interface Card {
  /** Cores, of which each runs workgroups of its own. */
  readonly cores: number;
  /** Lanes of a core: multiply-adds that it does in a cycle. */
  readonly lanes: number;
  /** Bytes of workgroup memory that a core reads in a cycle. */
  readonly workgroupBytes: number;
  /** Threads that a core keeps at a time. */
  readonly resident: number;
  /** Cycles that a round waits for memory and for the other threads of its workgroup. */
  readonly latency: number;
  /** Cycles that one more launch takes. */
  readonly launch: number;
  /** Bytes of results that all cores together move in a cycle. */
  readonly bytes: number;
  /** Tiles that suit it. */
  readonly tiles: readonly TiledSchedule[];
  /** Tiles that suit it for gradients of inputs, if others take more registers than it has. */
  readonly inputGradientTiles?: readonly TiledSchedule[];
}

const tiled = (
  rows: number,
  columns: number,
  depth: number,
  rowQuads: number,
  columnQuads: number,
): TiledSchedule => ({ shape: "tiled", rows, columns, depth, rowQuads, columnQuads });

/** 4x4 sums a thread: little of everything. */
const SMALL = tiled(32, 32, 16, 1, 1);

/** 4x8 sums a thread. */
const NARROW = tiled(32, 64, 16, 1, 2);

/**
 * Cards of which nothing is known: as few registers as Intel's, and few cores, as phones have.
 */
const ANY: Card = {
  cores: 12,
  lanes: 128,
  workgroupBytes: 128,
  resident: 512,
  latency: 600,
  launch: 8000,
  bytes: 64,
  tiles: [NARROW, SMALL],
};

/**
 * The usual cards: between an RTX 4090 and an H100, an RX 6800 XT, Xe graphics of a laptop, an M3 Max. Numbers are from
 * their makers and from others' measurements; none was measured for this module. Tiles are those that others have published
 * for these cards, and that their compilers keep in registers.
 */
const CARDS: Partial<Record<Family, Card>> = {
  nvidia: {
    cores: 128,
    lanes: 128,
    workgroupBytes: 128,
    resident: 512,
    latency: 420,
    launch: 5000,
    bytes: 1200,
    tiles: [tiled(128, 64, 8, 2, 2), tiled(64, 64, 16, 2, 1), SMALL],
  },
  amd: {
    cores: 72,
    lanes: 64,
    workgroupBytes: 128,
    resident: 512,
    latency: 450,
    launch: 9000,
    bytes: 500,
    tiles: [tiled(64, 64, 16, 2, 1), SMALL],
  },
  apple: {
    cores: 40,
    lanes: 128,
    workgroupBytes: 128,
    resident: 384,
    latency: 600,
    launch: 6000,
    bytes: 300,
    tiles: [NARROW, SMALL],
  },
  intel: {
    cores: 8,
    lanes: 128,
    workgroupBytes: 128,
    resident: 512,
    latency: 700,
    launch: 10000,
    bytes: 100,
    tiles: [NARROW, SMALL],
  },
};

/** An Arc A770. Of tiles for gradients of inputs, its compiler keeps only small ones in registers. */
const ARC: Card = { ...CARDS.intel!, cores: 32, launch: 16000, bytes: 500, inputGradientTiles: [SMALL] };

/** The usual card of an adapter's family. */
export function cardOf(adapter: AdapterFacts): Card {
  const family = familyOf(adapter);
  if (family === "intel" && /\barc\b/i.test(adapter.name)) return ARC;
  return CARDS[family] ?? ANY;
}

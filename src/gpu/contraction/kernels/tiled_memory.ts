import { BYTES_PER_ELEMENT } from "../../tensor/dtype.ts";
import type { Problem } from "../sums/problem.ts";
import type { TiledSchedule } from "./schedule.ts";

/** Threads of a workgroup: each computes `4 * rowQuads` rows and `4 * columnQuads` columns of its tile. */
export function tiledThreads({ rows, columns, rowQuads, columnQuads }: TiledSchedule): number {
  return rows / (4 * rowQuads) * (columns / (4 * columnQuads));
}

/** How often workgroup memory has both tiles. */
function tiledBuffers({ singleBuffer = false }: TiledSchedule): number {
  return singleBuffer ? 1 : 2;
}

/** Bytes of workgroup memory at most: both tiles, once or twice, with four numbers of padding at each depth. */
export function tiledBytes(schedule: TiledSchedule): number {
  const { rows, columns, depth } = schedule;
  return tiledBuffers(schedule) * depth * (rows + 4 + columns + 4) * BYTES_PER_ELEMENT.f32;
}

/** One operand's tile in workgroup memory, and who fills it. */
export interface Tile {
  /** Name of the operand. */
  readonly name: "a" | "b";
  /** Quads of a depth: those of a thread, or of the threads side by side, and how many of these there are. */
  readonly shape: readonly [outer: number, inner: number];
  /** Depths. */
  readonly depth: number;
  /** Blocks of four by four are turned on their way into it. */
  readonly turned: boolean;
  /** The threads that fill it: the number of the first, and how many there are. */
  readonly crew: readonly [first: number, count: number];
  /** Depths that they fill at a time; of a turned one, depths of a block. */
  readonly together: number;
}

/** Both operands' tiles. */
export interface Tiles {
  /** Of the left one. */
  readonly a: Tile;
  /** Of the right one. */
  readonly b: Tile;
  /** How often there are both. */
  readonly buffers: number;
}

/** Threads of the largest subgroup that a card runs at a time: what fewer do, takes all of them as long. */
const SUBGROUP = 64;

/**
 * The tiles of a schedule. If blocks for the left one are enough for half of the threads, and so for whole subgroups, the
 * others fill the right one meanwhile.
 */
export function tilesOf({ a, b }: Problem, schedule: TiledSchedule): Tiles {
  const { rows, columns, depth, rowQuads, columnQuads } = schedule;
  const threads = tiledThreads(schedule);
  const half = threads / 2;
  const apart = a.along === "depth" && rows * depth / 16 === half && half % SUBGROUP === 0;
  const tile = (
    name: "a" | "b",
    shape: readonly [number, number],
    along: string,
    crew: readonly [number, number],
  ): Tile => {
    const turned = along === "depth";
    const together = turned ? 4 : Math.min(depth, crew[1] / (shape[0] * shape[1]));
    return { name, shape, depth, turned, crew, together };
  };
  return {
    buffers: tiledBuffers(schedule),
    a: tile("a", [rows / (4 * rowQuads), rowQuads], a.along, [0, apart ? half : threads]),
    b: tile("b", [columnQuads, columns / (4 * columnQuads)], b.along, apart ? [half, half] : [0, threads]),
  };
}

/** Whether the threads of a schedule can share the loads of its tiles, whichever way operands lie. */
export function canShareLoads({ rows, columns, depth, rowQuads, columnQuads }: TiledSchedule): boolean {
  const threads = tiledThreads({ shape: "tiled", rows, columns, depth, rowQuads, columnQuads });
  return depth % 4 === 0 && [rows / 4, columns / 4].every((quads) => {
    const together = threads / quads;
    return Number.isInteger(quads) &&
      [together, together / 2].every((count) => count < 1 || depth % count === 0 || count % depth === 0);
  });
}

/**
 * Workgroup memory for both tiles, if twice, one is read while the next one is written. Nested arrays, as an index that is
 * a number in the text is not limited to the array's length at run time, and most of these are.
 *
 * Where blocks are turned, neighboring threads write to different depths: four numbers more at each keep them from
 * meeting in one bank of the memory.
 */
export function tiledDeclarations(tiles: Tiles): string {
  return [tiles.a, tiles.b].map(({ name, shape: [outer, inner], depth, turned, together }) => {
    const quads = `array<array<vec4f, ${inner}>, ${outer}>`;
    const [before, each] = turned
      ? [`struct Depth_${name} { quads: ${quads}, padding: vec4f }\n`, `Depth_${name}`]
      : ["", quads];
    return `${before}var<workgroup> tile_${name}: array<array<array<${each}, ${together}>, ${
      depth / together
    }>, ${tiles.buffers}>;\n`;
  }).join("");
}

/** The quads of a tile at this turn, at depth `at` of a group of those that are filled together. */
export function quadsAt({ name, turned }: Tile, group: number | string, at: number | string): string {
  return `tile_${name}[turn][${group}][${at}]${turned ? ".quads" : ""}`;
}

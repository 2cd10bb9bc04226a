import { linearGrid, type Workgroups } from "../../kernel/kernel.ts";
import { each, u32, type Uniform } from "../../kernel/run_kernel.ts";

/** Most workgroups along one axis of a grid, on any adapter. */
const MAX_WORKGROUPS = 65535;

/** How many tiles a contraction falls into: one workgroup computes one. */
export interface Tiles {
  /** Side by side. */
  readonly columns: number;
  /** Below one another. */
  readonly rows: number;
  /** Phases times parts of a split sum. */
  readonly layers: number;
}

/** Where the tiles go. */
export interface TileGrid {
  /** The grid to launch. */
  readonly workgroups: Workgroups;
  /** Tiles are numbered and folded into two axes; else `group` is the place of a tile. */
  readonly folded: boolean;
}

/** Uniforms that {@linkcode FOLDED_TILE} reads. */
export function foldedUniforms(tiles: Tiles): Record<string, Uniform> {
  return each(u32, { tiles: countOf(tiles), tile_columns: tiles.columns, tile_rows: tiles.rows });
}

/** Statements that find the `tile` of a workgroup of a folded grid. */
export const FOLDED_TILE = `  let number = group.y * groups.x + group.x;
  if (number >= params.tiles) { return; }
  let tile_row = number / params.tile_columns;
  let tile = vec3u(number % params.tile_columns, tile_row % params.tile_rows, tile_row / params.tile_rows);`;

/**
 * The grid for a number of tiles. An axis each if they fit, which costs kernels nothing; folded if one axis is too
 * short.
 *
 * @throws {RangeError} if there are more tiles than one launch can have.
 */
export function tileGrid(label: string, tiles: Tiles): TileGrid {
  const { columns, rows, layers } = tiles;
  if (Math.max(columns, rows, layers) <= MAX_WORKGROUPS) {
    return { workgroups: [columns, rows, layers], folded: false };
  }
  const count = countOf(tiles);
  const most = MAX_WORKGROUPS ** 2;
  if (count > most) {
    throw new RangeError(
      `${label} needs ${count} workgroups (${columns} x ${rows} x ${layers}), more than the ${most} of one launch: ` +
        "make its result or its stride smaller",
    );
  }
  return { workgroups: linearGrid(count, 1), folded: true };
}

function countOf({ columns, rows, layers }: Tiles): number {
  return columns * rows * layers;
}

import type { ConvolutionGeometry } from "../sums/geometry.ts";
import { each, u32, type Uniform } from "../../kernel/run_kernel.ts";
import type { TileSide } from "./matrices.ts";

/** How the output of a convolution falls into tiles. */
export interface Tiles {
  /** Outputs of a tile along each axis. */
  readonly side: TileSide;
  /** Products of a tile and pair of channels: `(side + 1)^2`. */
  readonly products: number;
  /** Tiles one below another. */
  readonly down: number;
  /** Tiles side by side. */
  readonly across: number;
  /** Tiles of all pictures. */
  readonly count: number;
}

/** Lays tiles over the output. The last of a row or column may reach past its end. */
export function layTiles({ images, outHeight, outWidth }: ConvolutionGeometry, side: TileSide): Tiles {
  const [down, across] = [Math.ceil(outHeight / side), Math.ceil(outWidth / side)];
  return { side, products: (side + 1) ** 2, down, across, count: images * down * across };
}

/** Numbers that {@linkcode TILE} reads. */
export function tileUniforms({ down, across }: Tiles): Record<string, Uniform> {
  return each(u32, { tiles_down: down, tiles_across: across });
}

/** Statements that find the picture and the place of `tile`. */
export const TILE = `    let tile_x = tile % params.tiles_across;
    let tile_y = tile / params.tiles_across % params.tiles_down;
    let image = tile / (params.tiles_across * params.tiles_down);`;

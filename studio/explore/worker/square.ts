import {
  between,
  type Interpolation,
  usualInterpolation,
} from "../../../src/dcgan/explore/latents/between.ts";
import type { Drawn } from "../drawn.ts";
import { drawsFrom, type Used } from "../source/source.ts";
import { draw } from "./samples.ts";

/** Four latent vectors: top left, top right, bottom left, bottom right. */
export type Corners = readonly [Float32Array, Float32Array, Float32Array, Float32Array];

/** A place in the square between four corners, each number from 0 to 1. */
export interface Place {
  /** From left to right. */
  readonly across: number;
  /** From top to bottom. */
  readonly down: number;
}

/** The latent vector at a place: along the left and the right side first, then between these. */
export function inSquare(
  [topLeft, topRight, bottomLeft, bottomRight]: Corners,
  place: Place,
  by: Interpolation,
): Float32Array {
  const left = between(topLeft, bottomLeft, place.down, by);
  const right = between(topRight, bottomRight, place.down, by);
  return between(left, right, place.across, by);
}

/** Draws pictures at places of a square. */
export async function drawInSquare(
  used: Used,
  { corners, label, places }: {
    readonly corners: Corners;
    readonly label?: number | undefined;
    readonly places: readonly Place[];
  },
): Promise<Drawn> {
  const { latent, latentDistribution } = used.loaded;
  const latents = new Float32Array(places.length * latent);
  const by = usualInterpolation(latentDistribution);
  for (const [at, place] of places.entries()) latents.set(inSquare(corners, place, by), at * latent);
  return await draw(drawsFrom(used), latents, label === undefined ? undefined : [label]);
}

/** Draws the whole square as `interpolate` does in layout "grid", row after row. */
export function drawSquare(
  used: Used,
  { corners, label, steps }: {
    readonly corners: Corners;
    readonly label?: number | undefined;
    readonly steps: number;
  },
): Promise<Drawn> {
  const at = (step: number) => step / (steps - 1);
  const places = Array.from({ length: steps * steps }, (_, place): Place => ({
    across: at(place % steps),
    down: at(Math.floor(place / steps)),
  }));
  return drawInSquare(used, { corners, label, places });
}

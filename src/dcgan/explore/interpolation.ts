/** What is between latent vectors, whoever draws it: the vectors on the way, and what a picture of them says. */
import type { Mark } from "../../pictures/mod.ts";
import type { InterpolateOptions, InterpolationLayout } from "./interpolate_options.ts";
import { between, type Interpolation } from "./latents/between.ts";
import { markOfDrawing } from "./marks/mark_of.ts";
import type { OpenGenerator } from "./open_generator.ts";

/** Frames a second of a film if that is not said. */
export const USUAL_FPS = 20;

/** Latent vectors on the way, and how many pictures are side by side. */
export interface Way {
  readonly vectors: readonly Float32Array[];
  readonly columns: number;
}

/** The ends of each part of the way. */
function partsOf(ends: readonly Float32Array[], loop: boolean): [from: Float32Array, to: Float32Array][] {
  const count = loop ? ends.length : ends.length - 1;
  return Array.from({ length: count }, (_, at) => [ends[at]!, ends[(at + 1) % ends.length]!]);
}

/** The way as one picture: rows from each vector to the next, or a square between four. */
export function wayOf(
  ends: readonly Float32Array[],
  layout: "strip" | "grid",
  interpolation: Interpolation,
  { steps = 8, loop = false }: Pick<InterpolateOptions, "steps" | "loop">,
): Way {
  const places = Array.from({ length: steps }, (_, step) => step / (steps - 1));
  if (layout === "strip") {
    const parts = partsOf(ends, loop);
    const vectors = parts.flatMap(([a, b]) => places.map((at) => between(a, b, at, interpolation)));
    return { vectors, columns: steps };
  }
  const [topLeft, topRight, bottomLeft, bottomRight] = ends as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const vectors = places.flatMap((down) => {
    const left = between(topLeft, bottomLeft, down, interpolation);
    const right = between(topRight, bottomRight, down, interpolation);
    return places.map((across) => between(left, right, across, interpolation));
  });
  return { vectors, columns: steps };
}

/** The vectors of a way one after another, once for each class. */
export function rowsOf(
  vectors: readonly Float32Array[],
  labels: readonly number[] | undefined,
): { count: number; latents: Float32Array<ArrayBuffer>; inRows: readonly number[] | undefined } {
  const count = vectors.length * (labels?.length ?? 1);
  const length = vectors[0]!.length;
  const latents = new Float32Array(count * length);
  for (let at = 0; at < count; at++) latents.set(vectors[at % vectors.length]!, at * length);
  const inRows = labels &&
    Array.from({ length: count }, (_, at) => labels[Math.floor(at / vectors.length)]!);
  return { count, latents, inRows };
}

/** How many frames a film of the way has. */
export function frameCount(
  ends: number,
  { steps = 40, loop = false }: Pick<InterpolateOptions, "steps" | "loop">,
): number {
  // The end of a part is the start of the next; a loop ends where it began
  return (loop ? ends : ends - 1) * (steps - 1) + (loop ? 0 : 1);
}

/** The way as a film: how many frames there are, and the vector of each. */
export function framesOf(
  ends: readonly Float32Array[],
  interpolation: Interpolation,
  options: Pick<InterpolateOptions, "steps" | "loop">,
): { frames: number; vectorAt: (frame: number) => Float32Array } {
  const { steps = 40, loop = false } = options;
  const parts = partsOf(ends, loop);
  return {
    frames: frameCount(ends.length, options),
    vectorAt: (frame) => {
      const part = Math.min(parts.length - 1, Math.floor(frame / (steps - 1)));
      return between(...parts[part]!, frame / (steps - 1) - part, interpolation);
    },
  };
}

/** What a picture or a film of a way says about itself. */
export function markOfInterpolation(
  { origin }: OpenGenerator,
  interpolation: Interpolation,
  layout: InterpolationLayout,
  options: Omit<InterpolateOptions, "out" | "layout" | "interpolation">,
): Mark {
  const { seeds, latents, steps, loop, classes, padding, scale, fps } = options;
  const { truncation, map, statistics, latentDistribution } = options;
  const drawing = { seeds, steps, loop, interpolation, layout, classes, padding, scale, fps };
  const given = latents && `${latents.shape[0]} vectors of a file`;
  const all = { ...drawing, latents: given, truncation, map, statistics, latentDistribution };
  const what = `The way between ${latents?.shape[0] ?? seeds!.length} samples`;
  return markOfDrawing({ command: "interpolate", what, options: all }, origin);
}

import type { SampleOptions } from "../../sampling/sample_options.ts";
import { composeSamples, encodeGrid } from "../../sampling/encode_grid.ts";
import { arrange } from "../../sampling/arrangement.ts";
import { marksOfSamples } from "../../sampling/sample_marks.ts";
import { planesOf } from "../../sampling/planes.ts";
import { batchOf } from "../../explore/films/draw_frames.ts";
import { framesOf, markOfInterpolation, rowsOf, USUAL_FPS, wayOf } from "../../explore/interpolation.ts";
import { latentsAt } from "../../explore/latents/places.ts";
import type { OpenGenerator } from "../../explore/open_generator.ts";
import { encodeNpy } from "../../../nn/mod.ts";
import type { Frame } from "../../../pictures/films/mod.ts";
import { encodePng, type Mark, markPng, type Picture, sidesOf } from "../../../pictures/mod.ts";
import type { InterpolateQuery } from "../queries/interpolate_query.ts";
import type { SampleQuery } from "../queries/sample_query.ts";
import type { DrawingJob } from "./drawing_job.ts";
import { webpOf } from "./webp_of.ts";

/** What a job draws, and what is made of it. */
export interface PreparedJob {
  /** A latent vector for each picture, one after another. */
  readonly latents: Float32Array;
  /** The number of the class of each picture; undefined if the generator knows none. */
  readonly labels: readonly number[] | undefined;
  /** Makes the file: of bytes, or for an array of floats. */
  encode(drawn: Uint8Array | Float32Array): Promise<Uint8Array>;
}

/**
 * Prepares a job. The file is that of `sample()` or `interpolate()` with the same options, to the last byte.
 *
 * @param options What of the options of the server these functions would be given too.
 */
export function prepareJob(
  generator: OpenGenerator,
  job: DrawingJob,
  options: Pick<SampleOptions, "latentDistribution">,
): PreparedJob {
  return job.type === "sample"
    ? prepareSamples(generator, job, options)
    : prepareWay(generator, job, options);
}

function prepareSamples(
  generator: OpenGenerator,
  { format, seed, seeds, count, classes, labels, truncation, scale }: SampleQuery,
  options: Pick<SampleOptions, "latentDistribution">,
): PreparedJob {
  const { channels, size } = generator;
  const latents = truncated(
    seeds ? rowsOf(latentsAt(generator, seeds), undefined).latents : generator.latents(seed, count),
    truncation,
  );
  return {
    latents,
    labels: labels && Array.from({ length: count }, (_, at) => labels[at % labels.length]!),
    encode: async (drawn) => {
      const { width, height } = sidesOf(size);
      if (drawn instanceof Float32Array) {
        const data = planesOf(drawn, channels, width * height);
        return encodeNpy({ shape: [count, channels, height, width], data });
      }
      const given = { ...options, seeds, truncation, classes, scale, ...seeds ? {} : { seed, count } };
      const { all: mark } = await marksOfSamples(generator, withoutMissing(given), count, latents, labels);
      const layout = { classes: labels?.length ?? 1, scale };
      const batch = batchOf(generator, drawn);
      return format === "png"
        ? await encodeGrid(batch, { ...layout, mark })
        : await webpOf([{ picture: composeSamples(batch, layout), duration: 1000 }], mark);
    },
  };
}

function prepareWay(
  generator: OpenGenerator,
  { format, seeds, steps, loop, interpolation, classes, labels, truncation, scale, count, columns }:
    InterpolateQuery,
  options: Pick<SampleOptions, "latentDistribution">,
): PreparedJob {
  const ends = latentsAt(generator, seeds).map((vector) => truncated(vector, truncation));
  const along = withoutMissing({ steps, loop });
  const given = withoutMissing({ ...options, ...along, seeds, classes, truncation, scale });
  const markAs = (layout: "strip" | "film", fps?: number): Mark =>
    markOfInterpolation(generator, interpolation, layout, withoutMissing({ ...given, fps }));
  const inRows = labels && Array.from({ length: count }, () => labels[0]!);
  if (format === "png") {
    const { vectors } = wayOf(ends, "strip", interpolation, along);
    return {
      latents: rowsOf(vectors, undefined).latents,
      labels: inRows,
      encode: async (drawn) => {
        const grid = `${columns}x${count / columns}` as const;
        const png = await encodePng(arrange(batchOf(generator, drawn as Uint8Array), { scale, grid }));
        return markPng(png, markAs("strip"));
      },
    };
  }
  const { frames, vectorAt } = framesOf(ends, interpolation, along);
  return {
    latents: rowsOf(Array.from({ length: frames }, (_, frame) => vectorAt(frame)), undefined).latents,
    labels: inRows,
    encode: (drawn) => {
      const each = generator.pictureLength;
      const film: Frame[] = Array.from({ length: frames }, (_, frame) => {
        const data = (drawn as Uint8Array).subarray(frame * each, (frame + 1) * each);
        const picture: Picture = arrange(batchOf(generator, data), { scale });
        return { picture, duration: 1000 / USUAL_FPS };
      });
      return webpOf(film, markAs("film", USUAL_FPS));
    },
  };
}

function truncated(latents: Float32Array<ArrayBuffer>, psi = 1): Float32Array<ArrayBuffer> {
  return psi === 1 ? latents : latents.map((value) => value * psi);
}

/** An object without what is undefined, as its type has it. */
function withoutMissing<T extends object>(value: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}

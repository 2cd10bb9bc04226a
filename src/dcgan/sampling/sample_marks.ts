import { sha256 } from "../../files/sha256.ts";
import type { Mark } from "../../pictures/mod.ts";
import { markOfDrawing } from "../explore/marks/mark_of.ts";
import type { OpenGenerator } from "../explore/open_generator.ts";
import type { SampleOptions } from "./sample_options.ts";

/** What the picture of all samples says about itself, and what the picture of each does. */
export async function marksOfSamples(
  { origin, classes }: OpenGenerator,
  options: Omit<SampleOptions, "out">,
  count: number,
  latents: Float32Array,
  labels: readonly number[] | undefined,
): Promise<{ all: Mark; each: (sample: number) => Mark }> {
  const { classes: chosen, seed = 1, seeds, latents: given, grid, padding, scale } = options;
  const { statistics, latentDistribution, network, truncation, map } = options;
  const drawing = { statistics, latentDistribution, network, truncation, map, scale };
  const digest = given && await sha256([new Uint8Array(latents.buffer)]);
  const from = given ? { latents: digest } : seeds ? { seeds } : { seed, count };
  const command = "sample";
  return {
    all: markOfDrawing(
      {
        command,
        what: count === 1 ? "A sample" : `${count} samples`,
        options: { ...drawing, ...from, classes: chosen, grid, padding },
      },
      origin,
    ),
    each: (sample) => {
      const one = given ? { latents: digest, sample } : { seeds: [seeds?.[sample] ?? `${seed}:${sample}`] };
      const label = labels && classes![labels[sample % labels.length]!]!;
      const options = { ...drawing, ...one, classes: label === undefined ? undefined : [label] };
      return markOfDrawing({ command, what: "A sample", options }, origin);
    },
  };
}

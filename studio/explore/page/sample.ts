import type { Pictures } from "../../engine/model.ts";
import type { Drawn } from "../drawn.ts";

/** A picture with what it is drawn from. */
export interface Sample {
  /** What the page calls it: `7:23` is sample 23 of seed 7. */
  readonly name: string;
  /** Its latent vector. */
  readonly latent: Float32Array;
  /** Its class, of a conditional generator. */
  readonly label: number | undefined;
  /** The picture. */
  readonly picture: Pictures;
}

/** Each of what was drawn. */
export function samplesIn({ latents, labels, pictures }: Drawn, nameOf: (at: number) => string): Sample[] {
  const { count, data } = pictures;
  const [each, long] = [data.length / count, latents.length / count];
  return Array.from({ length: count }, (_, at) => ({
    name: nameOf(at),
    latent: latents.slice(at * long, (at + 1) * long),
    label: labels?.[at],
    picture: { ...pictures, count: 1, data: data.slice(at * each, (at + 1) * each) },
  }));
}

/** The latent vectors and classes of samples, in a row. */
export function inARow(samples: readonly Sample[]): Pick<Drawn, "latents" | "labels"> {
  const long = samples[0]?.latent.length ?? 0;
  const latents = new Float32Array(samples.length * long);
  for (const [at, { latent }] of samples.entries()) latents.set(latent, at * long);
  const isConditional = samples[0]?.label !== undefined;
  return { latents, labels: isConditional ? samples.map(({ label }) => label!) : undefined };
}

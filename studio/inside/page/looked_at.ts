import type { Sample } from "../../explore/page/sample.ts";
import type { Pictures } from "../../engine/model.ts";

/** A picture that the networks are asked about. Those of the user's own have no latent vector. */
export interface LookedAt {
  /** What the page calls it. */
  readonly name: string;
  /** The picture. */
  readonly picture: Pictures;
  /** The sample that it is; undefined of a picture of the user's. */
  readonly sample: Sample | undefined;
}

/** All pictures in a row. */
export function picturesIn(all: readonly LookedAt[]): Pictures {
  const [first] = all;
  const { width, height, channels } = first!.picture;
  const data = new Uint8Array(all.length * width * height * channels);
  for (const [at, { picture }] of all.entries()) data.set(picture.data, at * width * height * channels);
  return { count: all.length, width, height, channels, data };
}

/** A number with a sign, with two digits behind the point, or as many as small ones need. */
export function signed(value: number): string {
  const size = Math.abs(value);
  const text = size >= 0.1 || size === 0 ? size.toFixed(2) : size.toFixed(4);
  return value < 0 ? `−${text}` : text;
}

import { findLatent } from "../../../src/dcgan/explore/projection/find_latent.ts";
import { decodePicture, fitPicture, sidesOf } from "../../../src/pictures/mod.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Pictures } from "../../engine/model.ts";
import type { Drawn } from "../drawn.ts";
import { SEARCHING } from "../events.ts";
import { drawsFrom, type Used } from "../source/source.ts";

/** What a search is given. */
export interface Search {
  /** The picture, in the generator's shape. */
  readonly photo: Pictures;
  /** Steps of Adam. */
  readonly steps: number;
}

/** What was found. */
export interface Found {
  /** The nearest picture, and its latent vector. */
  readonly drawn: Drawn;
  /** How near it is, in decibels. */
  readonly psnr: number;
}

/**
 * Makes a picture file ready as training does: its middle, in the size and channels of the networks.
 *
 * @throws {PictureError} if it cannot be read.
 */
export async function fitPhoto({ loaded: { size, channels } }: Used, file: Uint8Array): Promise<Pictures> {
  const { data } = fitPicture(await decodePicture(file), {
    size,
    channels: channels as Pictures["channels"],
  });
  return { count: 1, ...sidesOf(size), channels: channels as Pictures["channels"], data };
}

/** Looks for the latent vector whose picture is nearest, as `project` does. */
export async function searchLatent(
  engine: Engine,
  used: Used,
  { photo, steps }: Search,
  signal: AbortSignal,
): Promise<Found> {
  const generator = drawsFrom(used);
  const classes = generator.classes?.map((_, at) => at);
  engine.tell(SEARCHING, { done: 0, of: steps });
  const progress = (done: number) => engine.tell(SEARCHING, { done, of: steps });
  const { latent, label, picture, psnr } = await findLatent(generator, photo.data, {
    steps,
    classes,
    progress,
    signal,
  });
  return {
    drawn: {
      latents: latent,
      labels: label === undefined ? undefined : [label],
      pictures: { ...photo, data: picture },
    },
    psnr,
  };
}

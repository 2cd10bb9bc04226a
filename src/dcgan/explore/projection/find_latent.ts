import type { OpenGenerator } from "../open_generator.ts";
import {
  type ProjectionSettings,
  type ProjectionStart,
  type ProjectionTarget,
  Projector,
} from "./projector.ts";
import { psnr } from "./psnr.ts";

/** Samples of which the nearest are where attempts begin. */
const POOL = 512;

/** Options of {@linkcode findLatent}. */
export interface FindLatentOptions {
  /**
   * Pixels that count: 1, or 0 for those that do not, `height * width` numbers.
   *
   * @default {all}
   */
  readonly counted?: Float32Array | undefined;
  /**
   * Steps of Adam.
   *
   * @default {300}
   */
  readonly steps?: number;
  /**
   * Attempts at once, each from another sample; the best one counts.
   *
   * @default {4}
   */
  readonly attempts?: number;
  /**
   * Seed of the samples that attempts begin from.
   *
   * @default {1}
   */
  readonly seed?: number;
  /** Classes of these in turn, by their numbers, of a conditional generator. */
  readonly classes?: readonly number[] | undefined;
  /** Is told how many steps are done, now and then. */
  readonly progress?: (done: number) => void;
  /** Ends it once it aborts, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The latent vector whose picture is nearest to another. */
export interface FoundLatent {
  /** The latent vector. */
  readonly latent: Float32Array<ArrayBuffer>;
  /** Class of its picture; undefined if the generator knows none. */
  readonly label: number | undefined;
  /** Its picture, as bytes. */
  readonly picture: Uint8Array<ArrayBuffer>;
  /** How near it is, in decibels: of the pixels that count; see {@linkcode psnr}. */
  readonly psnr: number;
}

/**
 * How far Adam goes at first, and what the squares of a latent's numbers count beside those of pixels'
 * differences.
 */
const SETTINGS = { steps: 300, learningRate: 0.2, prior: 1e-3 } as const satisfies ProjectionSettings;

/**
 * Looks for the latent vector whose picture comes nearest to a picture, by gradient descent through the
 * generator. Attempts begin at the samples that are nearest already.
 *
 * @param generator Its batch norms use their running statistics.
 * @param picture Bytes in the shape of the generator's pictures.
 * @throws {RangeError} if the generator's pictures are not finite.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findLatent, openDevice, openGenerator, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const networks = { size: 16, ngf: 8, ndf: 8, latent: 8 } as const;
 * const tiny = { ...networks, data: "faces", batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * using generator = await openGenerator(device, run);
 * const picture = await generator.draw(generator.latents(7, 1));
 * const { psnr } = await findLatent(generator, picture, { steps: 20 });
 * assert(psnr > 20);
 * ```
 */
export async function findLatent(
  generator: OpenGenerator,
  picture: Uint8Array,
  options: FindLatentOptions = {},
): Promise<FoundLatent> {
  const { steps = SETTINGS.steps, attempts = 4, seed = 1, classes, progress = () => {}, signal } = options;
  const { latent, pictureLength } = generator;
  const counted = options.counted ?? new Float32Array(pictureLength / generator.channels).fill(1);
  const target = { picture, counted };
  const start = await nearestSamples(generator, target, { attempts, seed, classes, signal });
  using projector = new Projector(generator, target, start, { ...SETTINGS, steps });
  await projector.run(progress, signal);
  const { latents, errors, pictures } = await projector.attempts();
  const best = errors.indexOf(Math.min(...errors));
  if (best < 0) {
    throw new RangeError(
      `Cannot find a latent vector in ${generator.origin.name}: its pictures must be finite, found NaN or infinity. ` +
        "Use an earlier checkpoint",
    );
  }
  const found = pictures.slice(best * pictureLength, (best + 1) * pictureLength);
  return {
    latent: latents.slice(best * latent, (best + 1) * latent),
    label: start.labels?.[best],
    picture: found,
    psnr: psnr(found, picture, counted),
  };
}

/** The samples of a seed that are nearest to a picture. */
async function nearestSamples(
  generator: OpenGenerator,
  { picture, counted }: ProjectionTarget,
  { attempts: count, seed, classes, signal }:
    & Required<Pick<FindLatentOptions, "attempts" | "seed">>
    & Pick<FindLatentOptions, "classes" | "signal">,
): Promise<ProjectionStart> {
  const { latent, pictureLength, channels } = generator;
  const pool = generator.latents(seed, POOL);
  const drawn = await generator.draw(pool, classes, signal);
  const distances = Array.from({ length: POOL }, (_, sample) => {
    let squares = 0;
    for (let at = 0; at < pictureLength; at++) {
      if (counted[Math.floor(at / channels)] === 0) continue;
      squares += (drawn[sample * pictureLength + at]! - picture[at]!) ** 2;
    }
    return { sample, squares };
  });
  const nearest = distances.sort((a, b) => a.squares - b.squares).slice(0, count);
  const latents = new Float32Array(count * latent);
  for (const [at, { sample }] of nearest.entries()) {
    latents.set(pool.subarray(sample * latent, (sample + 1) * latent), at * latent);
  }
  return { latents, labels: classes && nearest.map(({ sample }) => classes[sample % classes.length]!) };
}

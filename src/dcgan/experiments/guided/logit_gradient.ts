import { gradients, type Tensor } from "../../../gpu/mod.ts";
import type { Network } from "../../../nn/mod.ts";
import { blocksOf, headOf } from "../networks/blocks.ts";
import { repeatPicture } from "../networks/discriminator_features.ts";
import { guidedForward } from "./guided_backprop.ts";

/** Options of {@linkcode logitGradient}. */
export interface LogitGradientOptions {
  /**
   * Pictures that the discriminator takes at once; it is given the same one so many times.
   *
   * @default {1}
   */
  readonly pack?: number;
  /** Class of each picture, by number, of a conditional discriminator. */
  readonly labels?: readonly number[] | undefined;
  /**
   * Whether only what raises the logit on all of the way counts (guided backpropagation, Springenberg et al. 2014,
   * arXiv:1412.6806).
   *
   * @default {false}
   */
  readonly guided?: boolean;
}

/** Logits, and what they answer to. The caller disposes both. */
export interface LogitGradient {
  /** `[count]`, whatever axes of length 1 follow. */
  readonly logits: Tensor;
  /** How each number of each picture raises the logit of its picture, `[count, height, width, channels]`. */
  readonly gradient: Tensor;
}

/** Running statistics, so that a picture does not depend on those beside it. */
const PASS = { training: false, precision: "f32" } as const;

/**
 * What a discriminator looks at: the gradient of its logit by each number of a picture (Simonyan et al. 2013,
 * arXiv:1312.6034, section 3). Where it is large, a small change makes the picture more or less real to it.
 *
 * Batch norms use their running statistics, so that a picture does not depend on those beside it.
 *
 * @param images `[count, height, width, channels]` in [-1, 1].
 * @throws {RangeError} if `guided` is asked for of a discriminator with classes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadDiscriminator, logitGradient, openDevice, openGenerator, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * const tiny = { size: 16, ngf: 4, ndf: 4, batch: 8, steps: 2, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, data: "faces", out }));
 *
 * using generator = await openGenerator(device, out);
 * const bytes = await generator.draw(generator.latents(1, 4)); // levels from 0 to 255
 * const values = Float32Array.from(bytes, (level) => level / 127.5 - 1);
 * using images = device.tensor(values, { shape: [4, 16, 16, 3] });
 *
 * const { discriminator, architecture: { pack } } = await loadDiscriminator(device, out);
 * const { logits, gradient } = logitGradient(discriminator, images, { pack });
 * assertEquals([logits.size, gradient.shape], [4, [4, 16, 16, 3]]);
 * for (const used of [logits, gradient, discriminator]) used[Symbol.dispose]();
 * ```
 */
export function logitGradient(
  discriminator: Network,
  images: Tensor,
  { pack = 1, labels, guided = false }: LogitGradientOptions = {},
): LogitGradient {
  const { device } = images;
  using scope = device.scope();
  const input = repeatPicture(images, pack);
  const { module } = discriminator;
  const logits = guided
    ? headOf(module).forward(
      blocksOf(module).reduce((maps, block) => guidedForward(block, maps), input),
      PASS,
    )
    : discriminator.forward(input, {
      ...PASS,
      inputs: { labels: labels && device.tensor([...labels], { dtype: "u32" }) },
    });
  const [gradient] = gradients([logits], [images]);
  return { logits: scope.keep(logits.detach()), gradient: scope.keep(gradient!.detach()) };
}

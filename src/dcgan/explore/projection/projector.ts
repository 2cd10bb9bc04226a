import {
  add,
  type Device,
  gradients,
  mean,
  mul,
  normalizeImages,
  type Program,
  quantizeImages,
  square,
  sub,
  sum,
  tanh,
  type Tensor,
} from "../../../gpu/mod.ts";
import { Adam } from "../../../nn/mod.ts";
import { sidesOf } from "../../../pictures/mod.ts";
import type { OpenGenerator } from "../open_generator.ts";

/** How a latent vector is looked for. */
export interface ProjectionSettings {
  /** Steps of Adam. */
  readonly steps: number;
  /** Learning rate at the start; it falls to 0 as half a cosine. */
  readonly learningRate: number;
  /**
   * What the mean square of a latent vector's numbers counts, beside the mean square difference of pixels.
   */
  readonly prior: number;
}

/** Where the search begins. */
export interface ProjectionStart {
  /** Latent vectors, one for each attempt. */
  readonly latents: Float32Array;
  /** Classes of these, of a conditional generator. */
  readonly labels: readonly number[] | undefined;
}

/** What a projection is after. */
export interface ProjectionTarget {
  /** Bytes of the picture, in the generator's shape. */
  readonly picture: Uint8Array;
  /** `height * width` numbers: 1 for pixels that count, 0 for others. */
  readonly counted: Float32Array;
}

/** What the attempts have come to. */
export interface Attempts {
  /** Latent vectors. */
  readonly latents: Float32Array;
  /** Mean square difference of the pixels that count, in [-1, 1], of each attempt. */
  readonly errors: Float32Array;
  /** The pictures, as bytes. */
  readonly pictures: Uint8Array;
}

/**
 * Latents of a uniform distribution are looked for as `tanh`, which stays between -1 and 1; not quite its
 * ends.
 */
const EDGE = 0.999;

/**
 * Looks for the latent vectors whose pictures come nearest to a picture: Adam on the latent vectors through
 * the generator (Lipton and Tripathi 2017, arXiv:1702.04782), several attempts at once as a batch. A step is
 * one program. Batch norms use their running statistics, so attempts know nothing of each other.
 *
 * What it minimizes, for each attempt: `mean((G(z) - x)^2)` over the pixels that count, and
 * `prior * mean(z^2)`. Differences of pictures averaged down, added to it, made what was found worse; see
 * docs/adr/0030.
 */
export class Projector implements Disposable {
  readonly #device: Device;
  readonly #owned: DisposableStack;
  readonly #adam: Adam;
  readonly #gradient: Tensor;
  readonly #program: Program<
    never,
    { errors: Tensor; losses: Tensor; latents: Tensor; pictures: Tensor }
  >;
  readonly #settings: ProjectionSettings;

  /** Records the step. */
  constructor(
    generator: OpenGenerator,
    target: ProjectionTarget,
    start: ProjectionStart,
    settings: ProjectionSettings,
  ) {
    const { network, latent, latentDistribution } = generator;
    const device = network.values.device;
    const attempts = start.latents.length / latent;
    using owned = new DisposableStack();
    const isUniform = latentDistribution === "uniform";
    const values = owned.use(device.state([start.latents.length]));
    values.set(isUniform ? start.latents.map((value) => Math.atanh(EDGE * value)) : start.latents);
    const gradient = this.#gradient = owned.use(device.state([start.latents.length]));
    const { weights, picture, labels } = tensorsOf(generator, target, start);
    for (const tensor of [weights, picture, labels]) if (tensor) owned.use(tensor);
    this.#adam = owned.use(
      new Adam({ values, gradients: gradient }, { learningRate: settings.learningRate }),
    );
    this.#program = owned.use(device.program({}, () => {
      const flat = isUniform ? tanh(values) : values;
      const z = flat.reshape([attempts, latent]);
      const images = network.forward(z, { training: false, precision: "f32", inputs: { labels } });
      const errors = mean(square(mul(sub(images, picture), weights)), { axes: [1, 2, 3] });
      const losses = settings.prior === 0
        ? errors
        : add(errors, mul(mean(square(z), { axes: [1] }), settings.prior));
      gradients([sum(losses)], [values], { into: [gradient] });
      this.#adam.step();
      return { errors, losses, latents: z, pictures: quantizeImages(images) };
    }));
    this.#device = device;
    this.#settings = settings;
    this.#owned = owned.move();
  }

  /**
   * Runs all steps.
   *
   * @param tell Is told how many steps are done, now and then.
   * @param signal Ends it.
   */
  async run(tell: (done: number) => void, signal: AbortSignal | undefined): Promise<void> {
    const { steps, learningRate } = this.#settings;
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      this.#adam.setLearningRate(learningRate * (1 + Math.cos(Math.PI * step / steps)) / 2);
      this.#program.run();
      const full = this.#device.throttle();
      if (!full) continue;
      await full;
      tell(step + 1);
    }
  }

  /** The loss of each attempt, and its gradient, where the last step began. */
  async lastStep(): Promise<{ losses: Float32Array; gradient: Float32Array }> {
    const [values, slopes] = await this.#device.read([this.#program.outputs.losses, this.#gradient]);
    return { losses: values as Float32Array, gradient: slopes as Float32Array };
  }

  /** What the attempts have come to: where the last step began. */
  async attempts(): Promise<Attempts> {
    const { latents, errors, pictures } = this.#program.outputs;
    const [z, mse, bytes] = await this.#device.read([latents, errors, pictures]);
    return { latents: z as Float32Array, errors: mse as Float32Array, pictures: bytes as Uint8Array };
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** What a step reads: the picture, what the differences of its pixels count, and the classes of attempts. */
function tensorsOf(
  { network, channels, size }: OpenGenerator,
  { picture, counted }: ProjectionTarget,
  { labels }: ProjectionStart,
) {
  const { device } = network.values;
  const { width, height } = sidesOf(size);
  // The mean over all pixels is then that over those that count
  const scale = Math.sqrt(counted.length / counted.reduce((sum, one) => sum + one, 0));
  using scope = device.scope();
  const bytes = device.tensor(picture, { shape: [1, height, width, channels], dtype: "u8" });
  return {
    weights: scope.keep(device.tensor(counted.map((one) => one * scale), { shape: [1, height, width, 1] })),
    picture: scope.keep(normalizeImages(bytes)),
    labels: labels && scope.keep(device.tensor([...labels], { dtype: "u32" })),
  };
}

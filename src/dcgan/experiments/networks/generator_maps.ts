import { concat, mul, type Tensor } from "../../../gpu/mod.ts";
import { Embedding } from "../../../nn/mod.ts";
import { hostLatent } from "../../networks/latent.ts";
import type { LoadedGenerator } from "../../sampling/load_generator.ts";
import { SAMPLE_CHUNK, STREAMS } from "../../streams.ts";
import { type Block, blocksOf } from "./blocks.ts";

/** Running statistics, so that a sample does not depend on those beside it. */
const PASS = { training: false, precision: "f32" } as const;

/**
 * A generator cut in two at one of its hidden layers: what is before it makes maps, and the rest makes
 * pictures of them.
 */
export class GeneratorMaps {
  /** Hidden layers. */
  readonly layers: number;
  #loaded: LoadedGenerator;
  #blocks: readonly Block[];

  /** Of a generator, which is not disposed with it. */
  constructor(loaded: LoadedGenerator) {
    this.#loaded = loaded;
    this.#blocks = blocksOf(loaded.generator.module);
    this.layers = this.#blocks.length - 1;
  }

  /**
   * The maps of a hidden layer, `[count, height, width, channels]`, of samples of a seed: a conditional
   * generator draws its classes in turn, as `sample()` does.
   *
   * @param layer From 0, the one with the smallest maps.
   * @param chunk Which 64 samples of the seed, from 0.
   * @param count How many of these, from the first.
   */
  maps(layer: number, seed: number, chunk: number, count: number): Tensor {
    const { latent, latentDistribution, classes } = this.#loaded;
    const source = { seed, stream: STREAMS.samples, counter: chunk };
    const first = chunk * SAMPLE_CHUNK;
    const labels = classes && Uint32Array.from({ length: count }, (_, at) => (first + at) % classes.length);
    let x = this.#inputs(hostLatent(count, latent, latentDistribution, source), labels);
    for (const block of this.#blocks.slice(0, layer + 1)) x = block.forward(x, PASS);
    return x;
  }

  /**
   * The maps of each layer, first to last, of latent vectors. The last are the pictures, in [-1, 1].
   *
   * @param latents `count * latent` numbers.
   * @param labels Class of each, by number, of a conditional generator.
   */
  all(latents: Float32Array, labels?: readonly number[]): Tensor[] {
    let x = this.#inputs(latents, labels && Uint32Array.from(labels));
    return this.#blocks.map((block) => x = block.forward(x, PASS));
  }

  /** What the first layer takes: latent vectors, with those of their classes behind them. */
  #inputs(latents: Float32Array, labels: Uint32Array | undefined): Tensor {
    const { generator: { values: { device }, module }, latent } = this.#loaded;
    const z = device.tensor(latents, { shape: [latents.length / latent, latent] });
    const { embed } = module.children();
    if (!labels || !(embed instanceof Embedding)) return z;
    return concat(z, embed.forward(device.tensor(labels, { dtype: "u32" }), PASS), { axis: 1 });
  }

  /**
   * Pictures in [-1, 1] of the maps of a hidden layer.
   *
   * @param kept For each map, 1 to keep it, or 0 to drop it at all of its places.
   */
  pictures(layer: number, maps: Tensor, kept?: readonly number[]): Tensor {
    const { device } = maps;
    let x = kept ? mul(maps, device.tensor(kept, { shape: [1, 1, 1, kept.length] })) : maps;
    for (const block of this.#blocks.slice(layer + 1)) x = block.forward(x, PASS);
    return x;
  }
}

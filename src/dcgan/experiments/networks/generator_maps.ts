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
    const { generator: { values: { device }, module }, latent, latentDistribution, classes } = this.#loaded;
    const source = { seed, stream: STREAMS.samples, counter: chunk };
    const z = device.tensor(hostLatent(count, latent, latentDistribution, source), {
      shape: [count, latent],
    });
    const { embed } = module.children();
    let x = z;
    if (classes && embed instanceof Embedding) {
      const first = chunk * SAMPLE_CHUNK;
      const labels = Uint32Array.from({ length: count }, (_, at) => (first + at) % classes.length);
      x = concat(z, embed.forward(device.tensor(labels, { dtype: "u32" }), PASS), { axis: 1 });
    }
    for (const block of this.#blocks.slice(0, layer + 1)) x = block.forward(x, PASS);
    return x;
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

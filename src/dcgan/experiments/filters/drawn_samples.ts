import { concatBytes } from "../../../pictures/bytes.ts";
import { type Device, quantizeImages } from "../../../gpu/mod.ts";
import { lengthOf } from "../../../pictures/mod.ts";
import { ConfigError } from "../../options/config_issue.ts";
import type { LoadedGenerator } from "../../sampling/load_generator.ts";
import { SAMPLE_CHUNK } from "../../streams.ts";
import { GeneratorMaps } from "../networks/generator_maps.ts";
import type { SampleBoxes } from "./boxes.ts";
import type { BoxedMaps } from "./responsible_maps.ts";

/** Samples of a generator, with some maps of one of its layers dropped. */
export class DrawnSamples {
  /** The layer, from 0. */
  readonly layer: number;
  /** Hidden layers of the generator. */
  readonly layers: number;
  #maps: GeneratorMaps;
  #device: Device;
  #signal: AbortSignal | undefined;
  #each: number;

  /**
   * Of a generator, which is not disposed with it.
   *
   * @param layer From 1; the second highest if not given.
   * @throws {ConfigError} if there is no such layer.
   */
  constructor(loaded: LoadedGenerator, layer?: number, signal?: AbortSignal) {
    this.#maps = new GeneratorMaps(loaded);
    this.#device = loaded.generator.values.device;
    this.#signal = signal;
    this.#each = lengthOf(loaded);
    this.layers = this.#maps.layers;
    this.layer = (layer ?? Math.max(1, this.layers - 1)) - 1;
    if (this.layer < this.layers) return;
    const problem = `must be one of the ${this.layers} hidden layers, found ${layer}`;
    throw new ConfigError("Cannot drop maps", [{ option: "layer", problem }]);
  }

  /** Bytes of samples of a seed, in order, some at a time. */
  async *draw(seed: number, count: number, kept?: readonly number[]): AsyncGenerator<Uint8Array> {
    for (let first = 0; first < count; first += SAMPLE_CHUNK) {
      this.#signal?.throwIfAborted();
      yield await this.#drawChunk(seed, first / SAMPLE_CHUNK, Math.min(SAMPLE_CHUNK, count - first), kept);
    }
  }

  /** Bytes of some samples. */
  async drawSome(seed: number, numbers: readonly number[], kept?: readonly number[]): Promise<Uint8Array> {
    const pictures: Uint8Array[] = [];
    for (const number of numbers) {
      const at = number % SAMPLE_CHUNK;
      const chunk = await this.#drawChunk(seed, Math.floor(number / SAMPLE_CHUNK), at + 1, kept);
      pictures.push(chunk.subarray(at * this.#each));
    }
    return concatBytes(pictures);
  }

  /** The maps of samples with boxes. */
  async boxedMaps(
    { seed, boxes }: SampleBoxes,
  ): Promise<{ samples: BoxedMaps[]; shape: readonly [number, number, number] }> {
    const samples: BoxedMaps[] = [];
    let shape: readonly [number, number, number] = [0, 0, 0];
    const groups = Map.groupBy(boxes, ({ sample }) => sample);
    for (const [sample, own] of groups) {
      this.#signal?.throwIfAborted();
      using _scope = this.#device.scope();
      const at = sample % SAMPLE_CHUNK;
      const maps = this.#maps.maps(this.layer, seed, Math.floor(sample / SAMPLE_CHUNK), at + 1);
      const [, height = 0, width = 0, channels = 0] = maps.shape;
      shape = [height, width, channels];
      const values = await maps.data();
      samples.push({ maps: values.slice(at * height * width * channels), boxes: own.map(({ box }) => box) });
    }
    return { samples, shape };
  }

  async #drawChunk(
    seed: number,
    chunk: number,
    count: number,
    kept?: readonly number[],
  ): Promise<Uint8Array> {
    using _scope = this.#device.scope();
    const maps = this.#maps.maps(this.layer, seed, chunk, count);
    const [bytes] = await this.#device.read([quantizeImages(this.#maps.pictures(this.layer, maps, kept))]);
    return bytes as Uint8Array;
  }
}

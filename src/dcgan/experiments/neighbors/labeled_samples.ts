import type { Device } from "../../../gpu/mod.ts";
import { type ImageSize, sizeText } from "../../../pictures/mod.ts";
import type { GeneratorOrigin } from "../../checkpoints/find_generator.ts";
import { hostLatent } from "../../networks/latent.ts";
import { generate, generateBytes } from "../../sampling/generate.ts";
import {
  type LoadedGenerator,
  loadGenerator,
  type LoadGeneratorOptions,
} from "../../sampling/load_generator.ts";
import { SAMPLE_CHUNK, STREAMS } from "../../streams.ts";

/** Which samples. */
export interface SampleChoice {
  /** How many, of all classes together. */
  readonly count: number;
  /** Seed of the latent vectors. */
  readonly seed: number;
}

/**
 * Samples whose classes are known: those of a conditional generator, which takes the classes in turn, or
 * those of one generator for each class, as many of each as of the others.
 */
export class LabeledSamples implements Disposable {
  /** Width and height of the pictures. */
  readonly size: ImageSize;
  /** Channels of the pictures. */
  readonly channels: number;
  /** Number of classes. */
  readonly classes: number;
  /** Names of the classes, if the generator knows them. */
  readonly names: readonly string[] | undefined;
  /** Where the samples come from; of several generators with the names of all, and no step if they are of different ones. */
  readonly origin: GeneratorOrigin;
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
  #generators: readonly LoadedGenerator[];

  private constructor(generators: readonly LoadedGenerator[]) {
    const [first] = generators as [LoadedGenerator];
    this.#generators = generators;
    this.size = first.size;
    this.channels = first.channels;
    this.names = generators.length === 1 ? first.classes : undefined;
    this.classes = this.names?.length ?? generators.length;
    const { step, weights } = first.origin;
    this.origin = {
      name: generators.map(({ origin }) => origin.name).join(", "),
      step: generators.every(({ origin }) => origin.step === step) ? step : undefined,
      weights,
    };
    this.warnings = generators.flatMap(({ warnings }) => warnings);
  }

  /**
   * Loads a conditional run, or a run for each class in the order of the classes.
   *
   * @throws {RangeError} if the only run is not conditional, or several are or draw pictures of different
   * shapes.
   */
  static async load(
    device: Device,
    runs: readonly string[],
    options: LoadGeneratorOptions,
  ): Promise<LabeledSamples> {
    using owned = new DisposableStack();
    const generators: LoadedGenerator[] = [];
    for (const run of runs) {
      const loaded = await loadGenerator(device, run, options);
      owned.use(loaded.generator);
      generators.push(loaded);
      checkGenerator(loaded, generators[0]!, run, runs.length);
    }
    const samples = new LabeledSamples(generators);
    owned.move();
    return samples;
  }

  /** The class of a sample. */
  classOf(place: number, { count }: SampleChoice): number {
    return this.names ? place % this.classes : this.#homeOf(place, count).generator;
  }

  /** All samples in order, as bytes of some of them at a time. */
  async *draw({ count, seed }: SampleChoice): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (const [k, { generator, ...facts }] of this.#generators.entries()) {
      const own = this.names ? count : this.#sharesOf(count)[k]!;
      if (own > 0) yield* generate(generator, { ...facts, count: own, seed, labels: this.#labels }, "u8");
    }
  }

  /** Single samples by their places among all of them, as bytes. */
  async drawAt(places: readonly number[], { count, seed }: SampleChoice): Promise<Uint8Array[]> {
    const pictures: Uint8Array[] = [];
    for (const place of places) {
      const { generator: k, at } = this.names ? { generator: 0, at: place } : this.#homeOf(place, count);
      const { generator, latent, latentDistribution, size } = this.#generators[k]!;
      const chunk = { seed, stream: STREAMS.samples, counter: Math.floor(at / SAMPLE_CHUNK) };
      const inChunk = at % SAMPLE_CHUNK;
      const latents = hostLatent(inChunk + 1, latent, latentDistribution, chunk).subarray(inChunk * latent);
      const labels = this.names ? [place % this.classes] : undefined;
      pictures.push(
        await generateBytes(generator, { count: 1, seed, latents, latent, latentDistribution, size, labels }),
      );
    }
    return pictures;
  }

  /** Gives the generators' memory back. */
  [Symbol.dispose](): void {
    for (const { generator } of this.#generators) generator[Symbol.dispose]();
  }

  get #labels(): number[] | undefined {
    return this.names?.map((_, k) => k);
  }

  /** Samples of each generator: the first ones have one more if they cannot all have as many. */
  #sharesOf(count: number): number[] {
    const { length } = this.#generators;
    return this.#generators.map((_, k) => Math.floor(count / length) + (k < count % length ? 1 : 0));
  }

  /** The generator of a sample, and its place among those of that. */
  #homeOf(place: number, count: number): { generator: number; at: number } {
    let at = place;
    for (const [generator, own] of this.#sharesOf(count).entries()) {
      if (at < own) return { generator, at };
      at -= own;
    }
    throw new RangeError(`A sample of ${count} must have a place below that, found ${place}`);
  }
}

function checkGenerator(loaded: LoadedGenerator, first: LoadedGenerator, run: string, runs: number): void {
  if (runs === 1 && !loaded.classes) {
    throw new RangeError(
      `Cannot draw samples with classes from ${run}: it must be conditional, found a generator without classes. Train ` +
        "one with --conditional, or name a run for each class",
    );
  }
  if (runs > 1 && loaded.classes) {
    throw new RangeError(
      `Cannot draw samples of one class from ${run}: each of several runs must be without classes, found a conditional ` +
        "generator. Name it alone",
    );
  }
  if (sizeText(loaded.size) !== sizeText(first.size) || loaded.channels !== first.channels) {
    const shape = (one: LoadedGenerator) => `${sizeText(one.size)} and ${one.channels} channels`;
    throw new RangeError(
      `Cannot compare samples of ${run} with those of other runs: they must be of ${shape(first)}, found ${
        shape(loaded)
      }`,
    );
  }
}

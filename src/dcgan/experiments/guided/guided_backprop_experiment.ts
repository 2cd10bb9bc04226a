import { concatBytes } from "../../../pictures/bytes.ts";
import type { OpenDataset } from "../../../../plugins/datasets/mod.ts";
import { type Device, normalizeImages, slice } from "../../../gpu/mod.ts";
import type { Network } from "../../../nn/mod.ts";
import { hasAlpha, lengthOf, type Picture, sidesOf } from "../../../pictures/mod.ts";
import type { CheckpointChoice } from "../../checkpoints/choose_checkpoint.ts";
import type { DiscriminatorArchitecture } from "../../networks/infer_architecture.ts";
import { type ExperimentDataOptions, findRunData } from "../data/run_data.ts";
import { shuffledNumbers } from "../data/shuffled_numbers.ts";
import { blocksOf } from "../networks/blocks.ts";
import { repeatPicture } from "../networks/discriminator_features.ts";
import { freshDiscriminator, loadDiscriminator } from "../networks/load_discriminator.ts";
import { checkOptions } from "../options/check_options.ts";
import { GUIDED_BACKPROP_KINDS } from "../options/kinds.ts";
import { Sheet, sheetShape } from "../../explore/sheet.ts";
import { placeRow } from "../pictures/layout.ts";
import { guidedBackprop } from "./guided_backprop.ts";
import { Strongest } from "./strongest.ts";

/** Options of {@linkcode guidedBackpropExperiment}. */
export interface GuidedBackpropOptions extends ExperimentDataOptions {
  /**
   * Which checkpoint: the one with the best score, the latest that is whole, or the one of a step.
   *
   * @default {"last"}
   */
  from?: CheckpointChoice;
  /**
   * Features to show, from the first on.
   *
   * @default {6}
   */
  features?: number;
  /**
   * Pictures to show for each feature: those that it answers most strongly.
   *
   * @default {4}
   */
  pictures?: number;
  /**
   * Most images to look through.
   *
   * @default {2000}
   */
  limit?: number;
  /**
   * Seed of the choice of images and of the random filters.
   *
   * @default {1}
   */
  seed?: number;
}

/** What features of a discriminator answer to. */
export interface GuidedBackpropResult {
  /** The run folder. */
  readonly run: string;
  /** Step of the checkpoint. */
  readonly step: number;
  /** Images that were looked through. */
  readonly images: number;
  /** Maps of the last convolution. */
  readonly maps: number;
  /**
   * For each feature shown, its strongest answer over its mean strongest answer: how much some images stand
   * out for it.
   */
  readonly trained: readonly number[];
  /** The same for filters that were not trained. */
  readonly random: readonly number[];
  /**
   * A row for each feature: the images that it answers most strongly, each with what it answers to in it
   * beside; first of the trained filters, then, after a gap, of random ones.
   */
  readonly picture: Picture;
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
}

/** Images that pass through the network at once. */
const CHUNK = 128;

/** Maps are those of running statistics. */
const PASS = { training: false, precision: "f32" } as const;

/**
 * Shows what the first features of a discriminator's last convolution answer to, by guided backpropagation,
 * beside what filters do that were not trained (the paper, figure 5).
 *
 * @throws {Error} if there is no run, or none of its checkpoints can be used.
 * @throws {ConfigError} if an option is not allowed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { guidedBackpropExperiment, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * const tiny = { size: 16, ngf: 4, ndf: 4, batch: 8, steps: 2, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, data: "faces", out }));
 * const options = { features: 3, pictures: 2, limit: 50 };
 * const { images, maps, trained } = await guidedBackpropExperiment(device, out, options);
 * assertEquals([images, maps, trained.length], [50, 8, 3]);
 * ```
 */
export async function guidedBackpropExperiment(
  device: Device,
  run: string,
  options: GuidedBackpropOptions = {},
): Promise<GuidedBackpropResult> {
  checkOptions("guidedBackpropExperiment", options, GUIDED_BACKPROP_KINDS);
  const { features: wanted = 6, pictures = 4, limit = 2000, seed = 1, report = () => {} } = options;
  const loaded = await loadDiscriminator(device, run, options.from ? { from: options.from } : {});
  using discriminator = loaded.discriminator;
  const { architecture, config, step, warnings } = loaded;
  const data = await findRunData(run, config, architecture, options);
  await using dataset = await data.open();
  const numbers = shuffledNumbers(dataset.length, seed).subarray(0, limit);
  using random = freshDiscriminator(device, architecture, seed);
  const search = new Search(dataset, numbers, architecture, options);
  report(`Looking through ${numbers.length} images`);
  const first = await search.show(discriminator, wanted, pictures, "trained filters");
  const second = await search.show(random, wanted, pictures, "random filters");
  return {
    run,
    step,
    images: numbers.length,
    maps: first.maps,
    trained: first.ratios,
    random: second.ratios,
    picture: sideBySide(first.rows, second.rows, architecture),
    warnings,
  };
}

/** What filters answer to, as columns of pictures. */
interface Shown {
  /** Maps of the last convolution. */
  readonly maps: number;
  /** The strongest answer of each feature over its mean. */
  readonly ratios: readonly number[];
  /** For each feature, images and what is answered to in them, in turn. */
  readonly rows: readonly Uint8Array[];
}

/** What trained filters answer to, and right of a gap what random ones do, in one picture. */
function sideBySide(
  trained: readonly Uint8Array[],
  random: readonly Uint8Array[],
  shape: DiscriminatorArchitecture,
): Picture {
  const each = lengthOf(shape);
  const half = trained[0]!.length / each;
  const sheet = new Sheet(sheetShape(shape), {
    columns: 2 * half + 1,
    rows: trained.length,
    left: trained.map((_, row) => `${row + 1}`),
    above: ["trained", ...new Array<string>(half).fill(""), "random"],
  }, "draw what features answer to");
  for (const [row, bytes] of trained.entries()) {
    placeRow(sheet, bytes, each, row);
    placeRow(sheet, random[row]!, each, row, half + 1);
  }
  return sheet.picture;
}

/** Looks through images for what filters answer to. */
class Search {
  #dataset: OpenDataset;
  #numbers: Uint32Array;
  #architecture: DiscriminatorArchitecture;
  #options: ExperimentDataOptions;

  constructor(
    dataset: OpenDataset,
    numbers: Uint32Array,
    architecture: DiscriminatorArchitecture,
    options: ExperimentDataOptions,
  ) {
    this.#dataset = dataset;
    this.#numbers = numbers;
    this.#architecture = architecture;
    this.#options = options;
  }

  /** The strongest answers of some features of a discriminator. */
  async show(discriminator: Network, wanted: number, pictures: number, what: string): Promise<Shown> {
    const { progress = () => {}, signal } = this.#options;
    const { device } = discriminator.values;
    const blocks = blocksOf(discriminator.module);
    const { pack, channels } = this.#architecture;
    const prepare = (images: Parameters<typeof repeatPicture>[0]) => repeatPicture(images, pack);
    let strongest: Strongest | undefined;
    let maps = 0;
    for (let start = 0; start < this.#numbers.length; start += CHUNK) {
      signal?.throwIfAborted();
      using _scope = device.scope();
      const part = this.#numbers.subarray(start, start + CHUNK);
      const images = this.#imagesOf(device, await this.#read(part));
      let x = prepare(images);
      for (const block of blocks) x = block.forward(x, PASS);
      maps = x.shape[3]!;
      const shown = slice(x, { axis: 3, end: Math.min(wanted, maps) });
      strongest ??= new Strongest(shown.shape[3]!, Math.min(pictures, this.#numbers.length));
      strongest.add(await shown.data(), shown.shape, start);
      const done = start + part.length;
      progress({ what, done, total: this.#numbers.length, unit: "images" });
    }
    const { found } = strongest!;
    const means = strongest!.means();
    const rows: Uint8Array[] = [];
    for (const responses of found) {
      using _scope = device.scope();
      const bytes = await this.#read(responses.map(({ picture }) => this.#numbers[picture]!));
      const gradient = await guidedBackprop(blocks, this.#imagesOf(device, bytes), responses, prepare).data();
      const each = lengthOf(this.#architecture);
      const pairs = [...responses.keys()].flatMap((at) => [
        bytes.subarray(at * each, (at + 1) * each),
        asPicture((gradient as Float32Array).subarray(at * each, (at + 1) * each), channels),
      ]);
      rows.push(concatBytes(pairs));
    }
    return {
      maps,
      ratios: found.map(([first], channel) => first!.value / means[channel]!),
      rows,
    };
  }

  async #read(numbers: ArrayLike<number>): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(numbers.length * lengthOf(this.#architecture));
    await this.#dataset.read(numbers, bytes, this.#options.signal);
    return bytes;
  }

  #imagesOf(device: Device, bytes: Uint8Array) {
    const { width, height } = sidesOf(this.#architecture.size);
    const { channels } = this.#architecture;
    const shape = [bytes.length / (width * height * channels), height, width, channels];
    return normalizeImages(device.tensor(bytes, { shape, dtype: "u8" }));
  }
}

/** A gradient as levels: 0 in the middle, the largest number at an end. */
function asPicture(gradient: Float32Array, channels: number): Uint8Array {
  const most = gradient.reduce((found, value) => Math.max(found, Math.abs(value)), 0) || 1;
  const alpha = hasAlpha(channels as 1) ? channels - 1 : -1;
  return Uint8Array.from(
    gradient,
    (value, at) => at % channels === alpha ? 255 : Math.round(127.5 + 127.5 * value / most),
  );
}

import {
  type Device,
  type EncodeLaunches,
  expectKnownOptions,
  PeerMeetings,
  printAsText,
  type Program,
  tableOf,
  type Tensor,
  VariantScope,
} from "../gpu/mod.ts";
import type { ImageSize } from "../pictures/mod.ts";
import { type MovingAverage, Network, watchStatistics } from "../nn/mod.ts";
import { RunAverages } from "./averages/run_averages.ts";
import { latentsInStep } from "./batches/images_in_step.ts";
import type { BatchSource } from "./batches/batch_source.ts";
import { recordBatch } from "./batches/record_batch.ts";
import { RunAugmentation } from "./augmentation/run_augmentation.ts";
import { type KernelVariants, variantsFor } from "./kernels/kernel_variants.ts";
import { drawForStep, penaltiesOf } from "./steps/run_draws.ts";
import { drawLatent } from "./networks/latent.ts";
import { StepSchedules } from "./schedules/step_schedules.ts";
import { Optimizers } from "./optimizers/optimizers.ts";
import { STREAMS } from "./streams.ts";
import { findNonFinite, NonFiniteError } from "./numbers/non_finite.ts";
import { StepRecord } from "./numbers/step_record.ts";
import { StepRing } from "./numbers/step_ring.ts";
import { UploadedPictures } from "./batches/uploaded_pictures.ts";
import { StepPrograms } from "./steps/step_programs.ts";
import { expectLossFits, networkMakers, stepOptions, type TrainerParts } from "./parts/trainer_parts.ts";
import { expectClasses, type TrainerConfig, type TrainerStepOptions } from "./trainer_config.ts";
import { trainingStep } from "./training_step.ts";
import type { StepNumbers } from "./numbers/step_numbers.ts";

const NETWORKS = ["generator", "discriminator"] as const;

/**
 * Both networks, their optimizers, and one training step as a program: images in, and nothing read back until
 * the numbers of many steps are asked for together.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { openDevice, resolveConfig, Trainer } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const config = resolveConfig({ size: 16, ngf: 8, ndf: 8, batch: 4 });
 * using trainer = new Trainer(device, config);
 * trainer.step(new Uint8Array(4 * 16 * 16 * 3));
 * const [numbers] = await trainer.metrics();
 * assert(numbers!.generatorLoss > 0);
 * ```
 */
export class Trainer implements Disposable {
  /** Width and height of the images. */
  readonly size: ImageSize;
  /** Makes images from latent vectors. */
  readonly generator: Network;
  /** Tells real images from fake ones. */
  readonly discriminator: Network;
  /** Moving averages of the generator's weights that the config asks for, by their files in checkpoints. */
  readonly averages: ReadonlyMap<string, MovingAverage>;
  /** Their optimizers. */
  readonly optimizers: Optimizers;
  /** The step as it runs, with and without gradient penalties if only every few steps have them. */
  readonly programs: StepPrograms;
  /** Which variants of its kernels the step runs. */
  readonly kernels: KernelVariants;
  /**
   * Variants that the config names but the step does not run, by what they are for: they are not among the
   * candidates on this adapter. Defaults take their place.
   */
  readonly refusedKernels: ReadonlyMap<string, string>;
  /** The meetings with the other ranks, if the trainer is one of several. */
  readonly meetings: PeerMeetings | undefined;
  /** Names of the classes, if the run is conditional. */
  readonly classes: readonly string[] | undefined;
  #device: Device;
  #owned: DisposableStack;
  #source: BatchSource | undefined;
  #given: UploadedPictures | undefined;
  #counter: Tensor;
  #ring: StepRing;
  #averages: RunAverages;
  #schedules: StepSchedules;
  #augmentation: RunAugmentation | undefined;
  #hook: TrainerParts["beforeStep"];
  #steps = 0;

  /**
   * Networks with first values from the config's seed.
   *
   * @param source Where {@linkcode next} takes its batches from. Without it, {@linkcode step} is given them.
   * @param parts Networks, a loss and a hook of a script's own. The config's options for networks then say
   * nothing but the shapes of latents and images. `train()`, `sample()` and `evaluate()` only know networks
   * of configs; such a trainer is saved by `writeCheckpoint()` and restored by `restoreCheckpoint()`.
   * @throws {ConfigError} if a tensor of the run does not fit the adapter, or the config asks for penalties
   * or targets that its discriminator or a script's loss does not have.
   * @throws {TypeError | RangeError} if a script's layer cannot be penalized, or all of a network are frozen.
   * @throws {F16NotSupportedError} if the config asks for f16, but the adapter does not support it.
   */
  constructor(device: Device, config: TrainerConfig, source?: BatchSource, parts: TrainerParts = {}) {
    const { latent, latentDistribution, seed, precision } = config;
    const make = networkMakers(device, config, parts);
    expectClasses(config);
    expectLossFits(config, parts);
    this.#hook = parts.beforeStep?.bind(parts);
    // What was made before a failure, such as one for lack of memory, is freed.
    using owned = new DisposableStack();
    const { ranks } = parts;
    this.meetings = ranks && ranks.size > 1 ? owned.use(new PeerMeetings(device, ranks)) : undefined;
    this.#device = device;
    this.classes = config.classes;
    this.size = config.size;
    this.generator = owned.use(
      new Network(device, make.generator(), { seed, stream: STREAMS.generator, precision }),
    );
    this.discriminator = owned.use(
      new Network(device, make.discriminator(), { seed, stream: STREAMS.discriminator, precision }),
    );
    this.#averages = owned.use(new RunAverages(this.generator, config, make.generator));
    this.averages = this.#averages.byFile;
    this.optimizers = owned.use(new Optimizers(this, config));
    this.#counter = owned.use(device.state([1], "u32"));
    this.#augmentation = config.augment.length === 0
      ? undefined
      : owned.use(new RunAugmentation(device, config, this.#counter));
    const probability = this.#augmentation?.adaptive?.probability;
    const record = new StepRecord(this, this.optimizers, { penalties: penaltiesOf(config), probability });
    this.#ring = owned.use(new StepRing(device, record));
    this.#source = source;
    if (!source) this.#given = owned.use(new UploadedPictures(device, config));
    const pictures = source ?? this.#given!;
    const table = variantsFor(device, config.kernels);
    using variants = new VariantScope(device, table);
    this.#schedules = owned.use(
      new StepSchedules(device, config, {
        optimizers: this.optimizers,
        averages: this.#averages,
        augmentation: this.#augmentation,
      }),
    );
    const always = stepOptions(config, parts);
    /** Penalties count so many times in a step. */
    const recordStep = (times: number) =>
      device.program({}, () => {
        const batch = recordBatch(pictures, this.#counter, config);
        const draw = { seed, stream: STREAMS.latent, counter: this.#counter };
        const z = drawLatent(device, latentsInStep(config), latent, latentDistribution, draw);
        const augmentation = this.#augmentation?.draw();
        const draws = drawForStep(device, config, this.#counter, this.#schedules.weightsOf(times));
        const penalties = this.#schedules.penaltiesOf(times);
        const options = { ...always, ...penalties, ...draws, ...(augmentation ? { augmentation } : {}) };
        const results = trainingStep(this, this.optimizers, { ...batch, latent: z }, options);
        this.#augmentation?.adapt(results);
        this.#averages.update();
        watchStatistics(NETWORKS.map((name) => [this[name], this.optimizers[name].faults]));
        this.#ring.record(this.#counter, results);
      });
    this.programs = owned.use(new StepPrograms(config.penaltyEvery, recordStep));
    this.refusedKernels = table.refused;
    this.kernels = { adapter: device.adapter.name, variants: Object.fromEntries(tableOf(variants.taken)) };
    this.#owned = owned.move();
  }

  /** The generator that samples are drawn from: the averaged one, if there is one. */
  get sampled(): Network {
    return this.#averages.sampled?.network ?? this.generator;
  }

  /** The program of a step; of those with penalties, if only every few have them. */
  get program(): Program {
    return this.programs.penalized;
  }

  /** Steps done. */
  get steps(): number {
    return this.#steps;
  }

  /** Steps that may still run before {@linkcode metrics} must be read, or numbers are lost. */
  get room(): number {
    return this.#ring.room(this.#steps);
  }

  /**
   * Runs one step on images, `[batch * dSteps, height, width, channels]` as bytes: a batch for each update of
   * the discriminator. Returns before it is done: a loop of many steps should `await device.throttle()` in each.
   *
   * @throws {RangeError} if the number of bytes or of labels differs, or a label is no class.
   * @throws {TypeError} if the trainer has a source of its own, or there are labels, but no classes, or the
   * other way.
   */
  step(images: Uint8Array, options: TrainerStepOptions = {}): void {
    expectKnownOptions<TrainerStepOptions>("Trainer.step()", options, { labels: true, encode: true });
    if (!this.#given) {
      throw new TypeError(
        "Cannot step: this trainer must take its batches from its source, found images. Call next()",
      );
    }
    if (this.meetings) {
      throw new TypeError(
        "Cannot step: ranks take their steps together, from a source of batches. Call next()",
      );
    }
    this.#given.write(images, options.labels);
    this.#begin();
    this.programs.of(this.#steps).run({}, options.encode);
    this.#steps++;
  }

  /**
   * Runs one step on the source's next images. Waits until its images are there, and returns before the step
   * is done, unless the GPU has about two seconds of steps ahead then.
   *
   * @param encode How its launches are encoded, if they are to be timed.
   * @throws {TypeError} if the trainer was made without a source.
   */
  async next(encode?: EncodeLaunches): Promise<void> {
    if (!this.#source) {
      throw new TypeError(
        "Cannot take the next batch: this trainer must have a source of batches, found none. Call step() with images",
      );
    }
    const waiting = this.#source.prepare(this.#steps);
    if (waiting) await waiting;
    this.#begin();
    const program = this.programs.of(this.#steps);
    if (this.meetings) await program.runTogether((meetings) => this.meetings!.meet(meetings), encode);
    else program.run({}, encode);
    this.#steps++;
    await this.#device.throttle();
  }

  #begin(): void {
    this.#schedules.beforeStep(this.#steps, this.programs.timesIn(this.#steps));
    this.#hook?.(this.#steps, this);
  }

  /**
   * Waits for the steps so far, and gives the numbers of those since the last call, oldest first.
   *
   * @throws {NonFiniteError} if a number, gradient or weight became NaN or infinite in one of them, naming
   * the first.
   */
  async metrics(): Promise<StepNumbers[]> {
    const rows = await this.#ring.read(this.#steps, (step) => this.programs.timesIn(step));
    const numbers: StepNumbers[] = [];
    for (const [step, { numbers: found, faults }] of rows) {
      const bad = findNonFinite(step + 1, found, faults);
      if (bad) throw new NonFiniteError(bad, { before: numbers });
      numbers.push({ ...found, ...this.#schedules.valuesAt(step) });
    }
    return numbers;
  }

  /** Tensors besides the networks' state dicts that the next step depends on, by name. */
  state(): Map<string, Tensor> {
    const optimizers = NETWORKS.flatMap((network) =>
      Object.entries(this.optimizers[network].state()).map(([name, tensor]) =>
        [`${network}.${name}`, tensor] as const
      )
    );
    const averages = this.#averages.state();
    const augmentation = Object.entries(this.#augmentation?.state() ?? {});
    const scalings = NETWORKS.flatMap((network) => {
      const values = this[network].gradientScaling?.values;
      return values ? [[`${network}.gradient_scaling`, values] as const] : [];
    });
    return new Map([["counter", this.#counter], ...optimizers, ...averages, ...augmentation, ...scalings]);
  }

  /** Says that the tensors of {@linkcode state} were set to those of a run after this many steps. */
  continueFrom(steps: number): void {
    this.#steps = steps;
    this.#ring.continueFrom(steps);
    // What went wrong in later steps is undone
    const { generator, discriminator } = this.optimizers;
    for (const { faults } of [generator, discriminator]) faults.set([0]);
  }

  /** Frees all memory. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  /** What it is, in short: `Trainer after 12 steps on llvmpipe`. */
  toString(): string {
    const where = this.#owned.disposed ? ", disposed" : ` on ${this.#device.adapter.name}`;
    return `Trainer after ${this.#steps} ${this.#steps === 1 ? "step" : "steps"}${where}`;
  }
}

printAsText(Trainer);

import { type Device, fill } from "../../gpu/mod.ts";
import { sidesOf } from "../../pictures/mod.ts";
import { applyCheckpoint } from "../checkpoints/apply_checkpoint.ts";
import { checkpointsIn } from "../checkpoints/checkpoint_files.ts";
import { type LayerRow, layerTable } from "../networks/layer_table.ts";
import { checkOptions, type TrainConfig } from "../options/config.ts";
import type { TrainOptions } from "../options/options.ts";
import { timeSteps } from "../recipes/seconds_of_step.ts";
import { Trainer } from "../trainer.ts";
import { applyWeights } from "../weights/apply_weights.ts";
import { openStartingWeights } from "../weights/open_starting_weights.ts";
import { withStartingOptions } from "../weights/starting_options.ts";
import { startedFrom } from "../weights/starting_weights.ts";
import type { DatasetEvent, RecipeEvent, TimingEvent, WarningEvent } from "./events.ts";
import { differences, type OptionChange } from "./changes/differences.ts";
import { fingerprintOf } from "./first_pictures.ts";
import { checkResumable, jumpWarnings, readRunToResume, resumedConfig, type RunRead } from "./resume.ts";
import { openSettings } from "./settings.ts";
import { keptKernels, rememberedKernels } from "./start.ts";

/** What a run would be, and what it would take. */
export interface DryRun {
  /** Its config, nothing left open, as `config.json` would hold it. */
  readonly config: TrainConfig;
  /** Images of its dataset. */
  readonly images: number;
  /** Name of the adapter. */
  readonly adapter: string;
  /** The layers with parameters of both networks. */
  readonly layers: { readonly generator: readonly LayerRow[]; readonly discriminator: readonly LayerRow[] };
  /**
   * Floating-point operations of a step, forward, backward and penalties, a multiply-add counted as two: of
   * products only. The mean of all steps, if only every few have penalties.
   */
  readonly flop: number;
  /**
   * Bytes of all buffers of a step on the GPU: weights, optimizers, a batch, temporaries. The dataset comes
   * on top.
   */
  readonly gpuBytes: number;
  /** Bytes of the temporaries among them. */
  readonly temporaryBytes: number;
  /** Seconds of a step, measured on this adapter. */
  readonly secondsPerStep: number;
  /** With `resume`: what becomes of that run. Absent for a new one. */
  readonly resumed?: ResumedDryRun;
}

/** What would become of a run that is resumed. */
export interface ResumedDryRun {
  /** Its folder. */
  readonly run: string;
  /** Steps that are done: those of the checkpoint that it resumes from, or 0 if it has none. */
  readonly step: number;
  /** Options that change. */
  readonly changes: readonly OptionChange[];
  /** Steps of later checkpoints, which would be set aside. */
  readonly setAside: readonly number[];
}

/**
 * Says what {@linkcode train} would do with these options, without doing it: opens the dataset, settles what
 * a preset leaves open, builds the networks, runs and times a few steps on noise, and throws all of it away.
 * With `resume`, it reads the run and its checkpoint, and says what would change. Writes nothing but the
 * dataset's own downloads.
 *
 * @param show Called with what happens until then: downloads, what a preset chose, warnings.
 * @throws {ConfigError} if an option is not allowed, or the run in `resume` cannot continue with them.
 * @throws {Error} if `resume` is not a run folder, or none of its checkpoints can be used.
 * @throws {DatasetError} if the dataset cannot be used.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { dryRun, openDevice } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const found = await dryRun(device, { size: 16, ngf: 8, ndf: 8, batch: 4 });
 * const [first] = found.layers.generator;
 * assertEquals(first!.name, "main.0");
 * assertEquals(first!.output, [4, 4, 16]);
 * assertEquals(first!.parameters, 100 * 4 * 4 * 16);
 * assert(found.secondsPerStep > 0);
 * ```
 */
export async function dryRun(
  device: Device,
  options: TrainOptions = {},
  show: (event: DatasetEvent | TimingEvent | RecipeEvent | WarningEvent) => void = () => {},
): Promise<DryRun> {
  checkOptions(options);
  // Without its lock, which is a file: the run may even be training
  const run = options.resume === undefined ? undefined : await readRunToResume(options.resume, options);
  const { signal, tune } = options;
  const weights = await openStartingWeights(options, run);
  const warnings: string[] = [...run?.warnings ?? [], ...weights?.warnings ?? []];
  const started = weights ? withStartingOptions(options, weights) : options;
  const opening = openSettings(device, run?.options ?? started, warnings);
  let next = await opening.next();
  for (; !next.done; next = await opening.next()) show(next.value);
  await using settings = next.value;
  const { dataset } = settings;
  let config: TrainConfig = {
    ...settings.config,
    ...weights ? { startedFrom: startedFrom(weights) } : {},
  };
  if (run) {
    checkResumable(run, config);
    const pictures = await fingerprintOf(dataset, config, signal);
    config = resumedConfig(run, { ...config, pictures });
    warnings.push(...jumpWarnings(run.config, config, run.step));
  }
  const kernels = keptKernels(device, run?.config, config) ??
    await rememberedKernels(device, tune, warnings);
  // Buffers that are left of what was timed would be used again
  device.trim();
  const before = device.ledger.read().bytes;
  using trainer = new Trainer(device, { ...config, kernels });
  const gpuBytes = device.ledger.read().bytes - before;
  if (run?.checkpoint) applyCheckpoint(run.checkpoint, trainer);
  if (weights) warnings.push(...applyWeights(weights, trainer, config));
  for (const message of warnings) show({ type: "warning", message });
  return {
    config,
    images: dataset.length,
    adapter: device.adapter.name,
    layers: layersOf(device, trainer, config),
    flop: trainer.programs.work,
    gpuBytes,
    temporaryBytes: trainer.programs.temporaryBytes,
    secondsPerStep: await timeSteps(device, trainer, config, signal),
    ...(run ? { resumed: await resumedBy(run, config) } : {}),
  };
}

/** What becomes of a run with a config from now on. */
async function resumedBy(
  { folder: { path, checkpoints }, config: before, step }: RunRead,
  config: TrainConfig,
): Promise<ResumedDryRun> {
  const steps = (await checkpointsIn(checkpoints)).map((place) => place.step);
  return {
    run: path,
    step,
    changes: differences(before, config),
    setAside: steps.filter((one) => one > step).sort((a, b) => a - b),
  };
}

/** Takes one image through both networks. */
function layersOf(
  device: Device,
  { generator, discriminator }: Trainer,
  { size, channels, latent, pack, classes }: TrainConfig,
): DryRun["layers"] {
  using _ = device.scope();
  const labels = classes && device.tensor([0], { dtype: "u32" });
  const context = { training: false, precision: "f32", inputs: { labels } } as const;
  const { width, height } = sidesOf(size);
  const z = fill(device, [1, latent], 0);
  const images = fill(device, [1, height, width, pack * channels], 0);
  return {
    generator: layerTable(generator, () => generator.forward(z, context)),
    discriminator: layerTable(discriminator, () => discriminator.forward(images, context)),
  };
}

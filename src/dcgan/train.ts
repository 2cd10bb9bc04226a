import type { Device } from "../gpu/mod.ts";
import { openBatches } from "./batches/open_batches.ts";
import { openingEvents } from "./batches/opening_listener.ts";
import { tuneKernels } from "./kernels/tuning.ts";
import { expectFits } from "./networks/adapter_limits.ts";
import { History } from "./numbers/history.ts";
import { checkOptions, resolveConfig } from "./options/config.ts";
import { optionTable } from "./options/option_table.ts";
import type { TrainOptions } from "./options/options.ts";
import { startWarnings } from "./options/start_warnings.ts";
import type { TrainEvent } from "./run/events.ts";
import { readFirstPictures } from "./run/first_pictures.ts";
import { runId } from "./run/identity.ts";
import { NewRun } from "./run/new_run.ts";
import { checkPictures, checkResumable, openRun, restoreRun } from "./run/resume.ts";
import { freeFolder, openTrainingSet, rememberedKernels, startProfile } from "./run/start.ts";
import { Trainer } from "./trainer.ts";
import { TrainingLoop } from "./training_loop.ts";

/**
 * Trains a DCGAN, and reports what happens as events. Iterating drives the training; a script that stops iterating
 * ends it, by `break` or by an error: what was learned until then is saved as a checkpoint before the loop is left, unless
 * it holds NaN or infinities. A run that fails by itself saves it too. Pictures that cannot be written are warnings.
 *
 * In the run folder it leaves `config.json`, `metrics.jsonl` (the numbers of every step), `real.png`, `metrics.png`,
 * `samples/step-NNNNNN.png` (always the same latent vectors) and `checkpoints/step-NNNNNN/`; with the option `profile` also
 * `profile.json`. With the option `resume` it continues such a run.
 *
 * @throws {ConfigError} if an option does not hold.
 * @throws {Error} if `resume` is not a run folder, or none of its checkpoints can be used.
 * @throws {DatasetError} if the dataset cannot be used.
 * @throws {RangeError} if the run folder is in use.
 * @throws {NonFiniteError} if a number became NaN or infinite, naming the first such step and the last good checkpoint.
 * @throws {F16NotSupportedError} if f16 is requested but the adapter does not support it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * let steps = 0;
 * for await (const event of train(device, { size: 16, ngf: 8, ndf: 8, batch: 8, steps: 4, out })) {
 *   if (event.type === "metrics") steps = event.step;
 * }
 * assertEquals(steps, 4);
 * ```
 */
export async function* train(
  device: Device,
  given: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  checkOptions(given);
  const resumed = given.resume === undefined ? undefined : await openRun(given.resume, given);
  using _resumedLock = resumed?.lock;
  const options = resumed?.options ?? given;
  if (options.precision === "f16") device.expectF16();
  const { epochs: _, ...sizes } = options;
  expectFits(device, resolveConfig(sizes));
  const warnings: string[] = [];
  await using dataset = yield* openingEvents((listener) => openTrainingSet(options, listener, warnings));
  const resolved = resolveConfig(options, {
    channels: dataset.shape[2] as 1 | 3,
    length: dataset.length,
    out: options.out ?? await freeFolder(options.data ?? optionTable.data.default!),
  });
  if (resumed) {
    checkResumable(resumed, resolved);
    warnings.push(...resumed.warnings);
  }
  if (options.tune) {
    for await (const event of tuneKernels(device, resolved)) {
      options.signal?.throwIfAborted();
      yield event;
    }
  }
  using batches = openBatches(device, dataset, resolved, options.signal);
  const kernels = resumed?.config.kernels?.adapter === device.adapter.name
    ? resumed.config.kernels
    : await rememberedKernels(device, options.tune, warnings);
  using trainer = new Trainer(device, { ...resolved, kernels }, batches);
  const namedBy = resumed && kernels === resumed.config.kernels ? resumed.folder.path : undefined;
  warnings.push(...startWarnings(device, trainer, namedBy));
  const first = await readFirstPictures(dataset, resolved, options.signal);
  if (resumed) checkPictures(resumed, first.fingerprint);
  const named = { ...resolved, pictures: first.fingerprint };
  const config = { ...named, run: resumed?.config.run ?? runId(named), kernels: trainer.kernels };
  using begun = resumed ? undefined : await NewRun.begin(config);
  const folder = resumed?.folder ?? begun!.folder;
  warnings.push(...begun?.warnings ?? []);
  if (resumed) warnings.push(...await restoreRun(resumed, config, trainer));
  yield {
    type: "start",
    config,
    parameters: {
      generator: trainer.generator.parameterCount,
      discriminator: trainer.discriminator.parameterCount,
    },
    adapter: device.adapter.name,
    images: dataset.length,
    stepsBefore: trainer.steps,
  };
  using profiler = options.profile ? await startProfile(device, trainer, config.steps, warnings) : undefined;
  const history = resumed?.metrics.history ?? new History();
  const before = resumed?.saved ?? -1;
  const loop = new TrainingLoop({
    config,
    folder,
    trainer,
    dataset,
    history,
    before,
    warnings,
    profiler,
  });
  try {
    yield* loop.steps(first, options.signal);
  } catch (error) {
    if (trainer.steps === 0) await begun?.discard();
    throw error;
  }
}

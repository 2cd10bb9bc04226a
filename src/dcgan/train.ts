import type { Device } from "../gpu/mod.ts";
import { imagesInStep } from "./batches/images_in_step.ts";
import type { StepProfiler } from "./kernels/step_profile.ts";
import { explainEnd, readNumbers } from "./numbers/bad_numbers.ts";
import type { TrainOptions } from "./options/options.ts";
import { rollBack, type Rollbacks } from "./run/changes/rollback.ts";
import type { TrainEvent } from "./run/events.ts";
import { RunOutput } from "./run/output.ts";
import { planRun, type RunPlan } from "./run/plan.ts";
import { startProfile } from "./run/start.ts";
import { Pace } from "./run/steps_per_wait.ts";
import type { TrainHooks } from "./parts/trainer_parts.ts";
import { Leader } from "./ranks/leader.ts";

/**
 * Trains a DCGAN, and reports what happens as events. Iterating drives the training; a script that stops
 * iterating ends it, by `break` or by an error: what was learned until then is saved as a checkpoint before
 * the loop is left, unless it holds NaN or infinities. A run that fails by itself saves it too, unless the
 * GPU rejected a command. Pictures that cannot be written are warnings.
 *
 * In the run folder it leaves `config.json`, `metrics.jsonl` (the numbers of every step), `real.png`,
 * `metrics.png`, `report.html`, `samples/step-NNNNNN.png` (always the same latent vectors) and
 * `checkpoints/step-NNNNNN/`; with the option `profile` also `profile.json`. With the option `resume` it
 * continues such a run. With `onNan: "rollback"`, steps can be reported again.
 *
 * @param hooks What the script does as the run goes on. The run folder does not keep them: give them again
 * with `resume`.
 * @throws {ConfigError} if an option is not allowed.
 * @throws {Error} if `resume` is not a run folder, or none of its checkpoints can be used.
 * @throws {DatasetError} if the dataset cannot be used.
 * @throws {RangeError} if the run folder is in use.
 * @throws {NonFiniteError} if a number became NaN or infinite, naming the first such step and the last good
 * checkpoint.
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
  hooks: TrainHooks = {},
): AsyncGenerator<TrainEvent, void, void> {
  const { ranks } = hooks;
  const leader = ranks && ranks.size > 1 ? new Leader(ranks, given) : undefined;
  let failure: unknown;
  try {
    yield* trainRun(device, given, hooks, leader);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await leader?.end(failure);
  }
}

/** Trains, and has other ranks do it too, if there are some. */
async function* trainRun(
  device: Device,
  given: TrainOptions,
  hooks: TrainHooks,
  leader: Leader | undefined,
): AsyncGenerator<TrainEvent, void, void> {
  await using run = yield* planRun(device, given, hooks, leader);
  const { config, folder, trainer, warnings } = run;
  hooks.begin?.(trainer);
  yield {
    type: "start",
    config,
    parameters: {
      generator: trainer.generator.parameterCount,
      discriminator: trainer.discriminator.parameterCount,
    },
    adapter: device.adapter.name,
    images: run.dataset.length,
    stepsBefore: trainer.steps,
    ...(leader ? { ranks: leader.size } : {}),
  };
  using profiler = run.profile ? await startProfile(device, trainer, config.steps, warnings) : undefined;
  using output = new RunOutput(run, profiler);
  let failure: unknown;
  try {
    yield* trainToEnd(run, output, profiler);
  } catch (error) {
    if (trainer.steps === 0) await run.discard();
    failure = await explainEnd(error, trainer.steps, run.config, folder);
    run.telemetry?.fail(failure);
    throw failure;
  } finally {
    // A script that leaves its loop, or fails, ends the run here
    await output.saveRest(failure).catch((error) => {
      if (failure === undefined) throw error;
    });
    await output.leaveReport();
  }
}

/** Trains to the last step, going back to a good checkpoint if numbers go bad and the run asks for that. */
async function* trainToEnd(
  run: RunPlan,
  output: RunOutput,
  profiler: StepProfiler | undefined,
): AsyncGenerator<TrainEvent, void, void> {
  const started = performance.now();
  let rollbacks: Rollbacks = { count: 0, step: undefined };
  for (;;) {
    try {
      if (rollbacks.count === 0) yield* output.begin();
      else yield* output.goBack();
      await run.leader?.begin(run.config, run.trainer);
      // Steps that are done again are not timed again
      yield* trainSteps(run, output, rollbacks.count === 0 ? profiler : undefined);
      await run.leader?.check(run.trainer);
      return yield* output.finish((performance.now() - started) / 1000);
    } catch (error) {
      rollbacks = await rollBack(run, error, rollbacks);
    }
  }
}

/** The training loop: steps, and between them whatever is due. */
async function* trainSteps(
  run: RunPlan,
  output: RunOutput,
  profiler: StepProfiler | undefined,
): AsyncGenerator<TrainEvent, void, void> {
  const { trainer, config: { steps, logEvery }, signal, hooks } = run;
  const pace = new Pace(logEvery);
  const lastProfiled = profiler?.last ?? 0;
  while (trainer.steps < steps && !signal?.aborted) {
    if (trainer.steps > 0 && hooks.checkpointDue?.()) yield* output.checkpoint();
    const most = hooks.stepsAhead?.() ?? Infinity;
    const ahead = trainer.steps + Math.max(1, Math.min(pace.steps, trainer.room, most));
    const profiled = trainer.steps < lastProfiled ? lastProfiled : Infinity;
    yield* advance(
      run,
      output,
      profiler,
      pace,
      Math.min(ahead, output.schedule.next(trainer.steps), profiled),
    );
    const done = trainer.steps;
    if (done === lastProfiled) yield* output.profile();
    // Before its checkpoint, from which a resumed run does not do the step again
    if (output.schedule.hasSnapshot(done)) await output.keepAverages();
    if (done === steps || signal?.aborted) break;
    if (output.schedule.hasCheckpoint(done)) {
      await run.leader?.check(trainer);
      yield* output.checkpoint();
    }
    // Scores come first, as the plot that is drawn with samples shows them
    if (output.schedule.hasScore(done)) yield* output.score(pace.secondsPerStep);
    if (output.schedule.hasSamples(done)) yield* output.samples();
    if (output.isFlat) break;
    pace.restart();
  }
}

/** Runs steps, and reports their numbers. */
async function* advance(
  run: RunPlan,
  output: RunOutput,
  profiler: StepProfiler | undefined,
  pace: Pace,
  until: number,
): AsyncGenerator<TrainEvent, void, void> {
  const { config, trainer } = run;
  const first = trainer.steps;
  const { numbers, bad, failure } = await runSteps(run, profiler, until);
  const latest = (yield* output.numbers(first, numbers)).at(-1);
  // Where a step failed other ranks are left in it: the run cannot go back to a checkpoint
  if (failure && run.leader) throw failure.error;
  if (bad) throw bad;
  if (failure) throw failure.error;
  if (!latest) return;
  const speed = pace.measure(numbers.length);
  const images = imagesInStep(config);
  yield* output.metrics({
    type: "metrics",
    ...latest,
    imagesPerSecond: speed * images,
    secondsLeft: (config.steps - latest.step) / speed,
  }, numbers.length * images);
}

/** Runs steps without waiting for each, then waits once for their numbers. */
async function runSteps(
  { trainer, signal, telemetry, leader }: RunPlan,
  profiler: StepProfiler | undefined,
  until: number,
): Promise<
  Awaited<ReturnType<typeof readNumbers>> & { readonly failure: { readonly error: unknown } | undefined }
> {
  using span = telemetry?.span("steps", { "dcgan.first_step": trainer.steps + 1 });
  let failure: { readonly error: unknown } | undefined;
  while (trainer.steps < until && !signal?.aborted) {
    try {
      const step = () => profiler?.includes(trainer.steps + 1) ? profiler.step() : trainer.next();
      await (leader ? leader.step(step) : step());
    } catch (error) {
      // A batch that is still being read is not waited for
      if (signal?.aborted && error === signal.reason) continue;
      // The steps before it are reported, and saved
      failure = { error };
      break;
    }
  }
  const read = await readNumbers(trainer);
  span?.set({ "dcgan.last_step": trainer.steps });
  return { ...read, failure };
}

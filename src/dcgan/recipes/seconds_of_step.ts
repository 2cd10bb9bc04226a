import type { Device } from "../../gpu/mod.ts";
import { sidesOf } from "../../pictures/mod.ts";
import { imagesInStep } from "../batches/images_in_step.ts";
import { Trainer } from "../trainer.ts";
import type { TrainerConfig } from "../trainer_config.ts";

/** Steps before the first that is timed: kernels are compiled in them. */
const WARM_UP = 2;

/** Steps of the first timing. Each further one has twice as many. */
const FIRST_STEPS = 2;

/** Seconds of a timing that is long enough to be believed. */
const ENOUGH = 1;

/**
 * Seconds of a training step on a device, with networks that are thrown away.
 *
 * @throws The signal's reason, once it aborts.
 */
export async function secondsOfStep(
  device: Device,
  config: TrainerConfig,
  signal?: AbortSignal,
): Promise<number> {
  using trainer = new Trainer(device, config);
  return await timeSteps(device, trainer, config, signal);
}

/**
 * Seconds of a step of a trainer that takes its images from {@linkcode Trainer.step}: of as many as take long
 * enough.
 *
 * @throws The signal's reason, once it aborts.
 */
export async function timeSteps(
  device: Device,
  trainer: Trainer,
  config: TrainerConfig,
  signal?: AbortSignal,
): Promise<number> {
  const { width, height } = sidesOf(config.size);
  // Noise, as numbers of a single color might not stay finite
  const images = Uint8Array.from(
    { length: imagesInStep(config) * width * height * config.channels },
    (_, i) => Math.imul(i, 0x9e3779b1) >>> 24,
  );
  const labels = config.classes && new Uint32Array(imagesInStep(config));
  const run = async (steps: number): Promise<number> => {
    signal?.throwIfAborted();
    const started = performance.now();
    for (let step = 0; step < steps; step++) trainer.step(images, labels ? { labels } : {});
    // Waits for the steps, whatever their numbers: a rate that is too high is the run's own to tell
    await device.read([trainer.state().get("counter")!]);
    return (performance.now() - started) / 1000;
  };
  await run(WARM_UP);
  for (let steps = FIRST_STEPS;; steps *= 2) {
    const seconds = await run(steps);
    if (seconds >= ENOUGH) return seconds / steps;
  }
}

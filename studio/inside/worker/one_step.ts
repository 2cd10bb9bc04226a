import { logitGradient } from "../../../src/dcgan/experiments/guided/logit_gradient.ts";
import { generateBytes, latentVectors } from "../../../src/dcgan/sampling/generate.ts";
import { normalizeImages } from "../../../src/gpu/mod.ts";
import { type Network, stateDict, type TensorData } from "../../../src/nn/mod.ts";
import { sidesOf } from "../../../src/pictures/mod.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Pictures } from "../../engine/model.ts";
import { packOf } from "../../explore/source/source.ts";
import type { LayerChange, StepChange } from "../views.ts";

/** Samples that are shown before and after a step. */
const SAMPLES = 8;

/** Both networks at one moment. */
interface Moment {
  readonly step: number;
  readonly generator: ReadonlyMap<string, TensorData>;
  readonly discriminator: ReadonlyMap<string, TensorData>;
  readonly samples: Pictures;
  /** Mean logit of the samples. */
  readonly logit: number;
}

/**
 * Has one network of the model in this tab learn once, and says what that changed.
 *
 * @param step Does the step.
 */
export async function watchStep(engine: Engine, step: () => Promise<unknown>): Promise<StepChange> {
  const before = await momentOf(engine);
  await step();
  const after = await momentOf(engine);
  return {
    step: after.step,
    generator: weightChanges(before.generator, after.generator),
    discriminator: weightChanges(before.discriminator, after.discriminator),
    before: before.samples,
    after: after.samples,
    logits: [before.logit, after.logit],
  };
}

/**
 * How far weights moved: `|after - before| / |after|` of each, as some start as zeros. Statistics of batch norms
 * are no weights.
 */
export function weightChanges(
  before: ReadonlyMap<string, TensorData>,
  after: ReadonlyMap<string, TensorData>,
): LayerChange[] {
  const changes: LayerChange[] = [];
  for (const [name, { data }] of before) {
    if (!/(weight|bias|weight_orig)$/.test(name) || !(data instanceof Float32Array)) continue;
    const now = after.get(name)!.data as Float32Array;
    let [moved, length] = [0, 0];
    for (let at = 0; at < data.length; at++) {
      moved += (now[at]! - data[at]!) ** 2;
      length += now[at]! ** 2;
    }
    changes.push({ name, count: data.length, change: length === 0 ? 0 : Math.sqrt(moved / length) });
  }
  return changes;
}

function momentOf(engine: Engine): Promise<Moment> {
  return engine.turns.take(async () => {
    const { facts: { config, step }, generator, discriminator } = engine.expectModel();
    const { size, channels, latent, latentDistribution, classes, seed } = config;
    const labels = classes && Array.from({ length: SAMPLES }, (_, at) => at % classes.length);
    const latents = latentVectors({ count: SAMPLES, seed, latent, latentDistribution });
    const drawing = { count: SAMPLES, seed, latents, latent, latentDistribution, size, labels };
    const data = await generateBytes(generator, drawing);
    const samples = { count: SAMPLES, ...sidesOf(size), channels: channels as Pictures["channels"], data };
    return {
      step,
      generator: await stateDict(generator),
      discriminator: await stateDict(discriminator),
      samples,
      logit: await meanLogit(discriminator, samples, packOf(discriminator, config), labels),
    };
  });
}

async function meanLogit(
  discriminator: Network,
  { count, width, height, channels, data }: Pictures,
  pack: number,
  labels: readonly number[] | undefined,
): Promise<number> {
  const { device } = discriminator.values;
  using _ = device.scope();
  const bytes = device.tensor(data, { shape: [count, height, width, channels], dtype: "u8" });
  const { logits } = logitGradient(discriminator, normalizeImages(bytes), { pack, labels });
  const [values] = await device.read([logits]);
  return (values as Float32Array).reduce((sum, one) => sum + one, 0) / count;
}

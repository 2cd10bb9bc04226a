import { defineKernel, type Device, map, randomUniform, type Tensor } from "../../gpu/mod.ts";
import { imagesInStep } from "../batches/images_in_step.ts";
import { isOff } from "../schedules/scheduled_values.ts";
import { STREAMS } from "../streams.ts";
import type { TrainerConfig } from "../trainer_config.ts";
import type { TrainingStepOptions } from "../training_step.ts";

/** What the steps of a run draw besides latent vectors and augmentation. */
export type RunDraws = Pick<TrainingStepOptions, "gradientPenalty" | "labelFlips" | "noise">;

/**
 * Records the draws of a step, as a config asks for.
 *
 * @param counter Steps done before the current one: u32 `[1]`.
 * @param penaltyWeight Weight of WGAN-GP in this step; 0 is off.
 */
export function drawForStep(
  device: Device,
  config: TrainerConfig,
  counter: Tensor,
  penaltyWeight: number,
): RunDraws {
  const { seed, labelFlip, instanceNoise, pack } = config;
  const pairs = imagesInStep(config) / pack;
  const draw = (stream: number) => ({ seed, stream, counter });
  const draws: RunDraws = {};
  if (penaltyWeight > 0) {
    const shares = randomUniform(device, [pairs], draw(STREAMS.mixes));
    draws.gradientPenalty = { weight: penaltyWeight, shares };
  }
  if (labelFlip > 0) {
    const chances = randomUniform(device, [2 * pairs], draw(STREAMS.labelFlips));
    const formula = "select(vec4f(), vec4f(1.0), chances < vec4f(params.probability))";
    draws.labelFlips = map("label flips", { chances }, formula, { uniforms: { probability: labelFlip } });
  }
  if (instanceNoise > 0) {
    draws.noise = { deviation: noiseDeviation(device, config, counter), ...draw(STREAMS.noise) };
  }
  return draws;
}

/** Gradient penalties that a step with them computes. */
export function penaltyCount({ r1, r2, gradientPenalty }: TrainerConfig): number {
  return (isOff(r1) && isOff(r2) ? 0 : 2) + (gradientPenalty > 0 ? 1 : 0);
}

const noiseKernel = defineKernel({
  label: "noise deviation",
  bindings: { counter: ["read", "array<u32>"], deviation: ["write", "array<f32>"] },
  uniforms: { first: "f32", steps: "u32" },
  workgroup: 1,
  body: `  let left = params.steps - min(params.steps, counter[0]);
  deviation[0] = params.first * (f32(left) / f32(params.steps));`,
});

/** The standard deviation of a step's noise, `[1]`: along a line from that of the first step to 0. */
function noiseDeviation(
  device: Device,
  { instanceNoise, instanceNoiseSteps, steps }: TrainerConfig,
  counter: Tensor,
): Tensor {
  const deviation = device.empty([1]);
  const uniforms = { first: instanceNoise, steps: instanceNoiseSteps || steps };
  device.launch(noiseKernel, { counter, deviation }, uniforms, [1, 1, 1]);
  return deviation;
}

import { type Device, map, randomUniform, type Tensor } from "../../gpu/mod.ts";
import { imagesInStep } from "../batches/images_in_step.ts";
import type { PenaltyName } from "../numbers/step_numbers.ts";
import { isOff } from "../schedules/scheduled_values.ts";
import { STREAMS } from "../streams.ts";
import type { TrainerConfig } from "../trainer_config.ts";
import type { TrainingStepOptions } from "../training_step.ts";

/** What the steps of a run draw besides latent vectors and augmentation. */
export type RunDraws = Pick<TrainingStepOptions, "gradientPenalty" | "labelFlips" | "noise">;

/** How much of what is drawn counts; 0 is off. Tensors, `[1]`, have the values of the step that runs. */
export interface DrawWeights {
  /** Weight of WGAN-GP. */
  readonly gradientPenalty: number | Tensor;
  /** Standard deviation of the noise. */
  readonly instanceNoise: number | Tensor;
}

/**
 * Records the draws of a step, as a config asks for.
 *
 * @param counter Steps done before the current one: u32 `[1]`.
 */
export function drawForStep(
  device: Device,
  config: TrainerConfig,
  counter: Tensor,
  { gradientPenalty: weight, instanceNoise: deviation }: DrawWeights,
): RunDraws {
  const { seed, labelFlip, pack } = config;
  const pairs = imagesInStep(config) / pack;
  const draw = (stream: number) => ({ seed, stream, counter });
  const draws: RunDraws = {};
  if (weight !== 0) {
    draws.gradientPenalty = { weight, shares: randomUniform(device, [pairs], draw(STREAMS.mixes)) };
  }
  if (labelFlip > 0) {
    const chances = randomUniform(device, [2 * pairs], draw(STREAMS.labelFlips));
    const formula = "select(vec4f(), vec4f(1.0), chances < vec4f(params.probability))";
    draws.labelFlips = map("label flips", { chances }, formula, { uniforms: { probability: labelFlip } });
  }
  if (deviation !== 0) draws.noise = { deviation, ...draw(STREAMS.noise) };
  return draws;
}

/**
 * The gradient penalties that a step with them computes, in order; undefined for one that is off beside
 * another.
 */
export function penaltiesOf({ r1, r2, gradientPenalty }: TrainerConfig): (PenaltyName | undefined)[] {
  const both = [isOff(r1) ? undefined : "r1Penalty", isOff(r2) ? undefined : "r2Penalty"] as const;
  return [
    ...both.some((name) => name) ? both : [],
    ...isOff(gradientPenalty) ? [] : ["wganGpPenalty"] as const,
  ];
}

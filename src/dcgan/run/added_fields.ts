import type { TrainConfig } from "../options/config.ts";

/** Fields that the first configs of this version do not have, and what runs did without them. */
export const ADDED_FIELDS = {
  precision: "f32",
  flip: false,
  augment: [],
  augmentProbability: 1,
  augmentTarget: 0,
  scoreBy: "swd",
  keep: 5,
  stopWhenFlat: 0,
  onNan: "stop",
  labelSmoothing: 0,
  dNorm: "batch",
  gNorm: "batch",
  r1: 0,
  r2: 0,
  ema: 0,
  pack: 1,
  dSteps: 1,
  accumulate: 1,
  optimizer: "adam",
  schedule: "constant",
  warmup: 0,
  clip: 0,
  weightDecay: 0,
} satisfies Partial<TrainConfig>;

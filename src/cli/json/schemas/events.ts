/** The events of `train --json`, a line each. */
import * as v from "valibot";
import { SCORE_NAMES } from "../../../dcgan/scores/score.ts";
import { runConfig, stepScores, verdict } from "./parts.ts";

const text = v.string();
const number = v.number();
const whole = v.pipe(v.number(), v.integer());

const profile = v.object({
  adapter: text,
  firstStep: whole,
  lastStep: whole,
  launches: number,
  milliseconds: number,
  gflops: number,
  shareOfLimit: number,
  limit: number,
  rows: v.array(v.object({
    kernel: text,
    detail: v.optional(text),
    launches: number,
    milliseconds: number,
    share: number,
    gflops: v.optional(number),
    shareOfLimit: v.optional(number),
  })),
});

/** What each event holds, by its type. */
export const events = {
  dataset: v.object({
    message: v.optional(text),
    progress: v.optional(v.object({
      what: text,
      done: number,
      total: v.optional(number),
      unit: v.picklist(["bytes", "images"]),
    })),
  }),
  timing: v.object({}),
  recipe: v.object({ reasons: v.array(text) }),
  tuned: v.object({
    number: whole,
    of: whole,
    signature: text,
    variant: text,
    milliseconds: number,
    defaultMilliseconds: v.optional(number),
    refused: v.array(v.object({ variant: text, reason: text })),
  }),
  "tuning-end": v.object({ kernels: whole, path: v.optional(text), problem: v.optional(text) }),
  start: v.object({
    config: runConfig,
    parameters: v.object({ generator: whole, discriminator: whole }),
    adapter: text,
    images: whole,
    stepsBefore: whole,
    ranks: v.optional(whole),
  }),
  metrics: v.object({
    step: whole,
    epoch: number,
    generatorLoss: number,
    discriminatorLossReal: number,
    discriminatorLossFake: number,
    dReal: number,
    dFake: number,
    dFakeAfter: number,
    discriminatorGradientNorm: v.optional(number),
    generatorGradientNorm: v.optional(number),
    skippedUpdates: v.optional(whole),
    penalties: v.optional(number),
    r1Penalty: v.optional(number),
    r2Penalty: v.optional(number),
    wganGpPenalty: v.optional(number),
    augmentProbability: v.optional(number),
    learningRate: v.optional(number),
    dLearningRate: v.optional(number),
    r1: v.optional(number),
    r2: v.optional(number),
    gradientPenalty: v.optional(number),
    instanceNoise: v.optional(number),
    beta2: v.optional(number),
    ema: v.optional(number),
    imagesPerSecond: number,
    secondsLeft: number,
  }),
  samples: v.object({ step: whole, path: text }),
  score: v.object({ ...stepScores.entries, by: v.picklist(SCORE_NAMES), isBest: v.boolean() }),
  judgment: v.object({ step: whole, kind: text, message: text }),
  checkpoint: v.object({ step: whole, path: text }),
  profile: v.object({ step: whole, path: text, profile }),
  warning: v.object({ message: text }),
  end: v.object({
    step: whole,
    seconds: number,
    out: text,
    interrupted: v.boolean(),
    flat: v.boolean(),
    verdict: v.optional(verdict),
    best: v.optional(whole),
  }),
};

/** What experiments of the paper give. */
import * as v from "valibot";

const text = v.string();
const whole = v.pipe(v.number(), v.integer());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const path = v.pipe(text, v.description("the picture"));
const warnings = v.array(text);

/** `experiment svm`. */
export const svm = v.object({
  run: text,
  step: whole,
  trainedOn: v.pipe(text, v.description("the dataset that the discriminator saw")),
  data: text,
  label: text,
  classes: whole,
  features: whole,
  trained: whole,
  validation: whole,
  tested: whole,
  hasTestPart: v.boolean(),
  tried: v.array(v.object({ c: v.number(), accuracy: share })),
  c: v.number(),
  accuracies: v.pipe(v.array(share), v.description("of each draw")),
  accuracy: share,
  deviation: v.optional(v.number()),
  iterations: whole,
  flop: v.number(),
  warnings,
});

/** `experiment nearest-neighbor`. */
export const nearestNeighbor = v.object({
  runs: v.array(text),
  isOneForEach: v.boolean(),
  data: text,
  label: text,
  tested: whole,
  hasTestPart: v.boolean(),
  samples: whole,
  sampleError: share,
  images: whole,
  imageError: share,
  flop: v.number(),
  path,
  warnings,
});

/** `experiment walk`. */
export const walk = v.object({
  run: text,
  points: whole,
  steps: whole,
  largestStep: share,
  path,
  warnings,
});

/** `experiment guided-backprop`. */
export const guidedBackprop = v.object({
  run: text,
  step: whole,
  images: whole,
  maps: whole,
  trained: v.array(v.pipe(v.nullable(v.number()), v.description("null if a feature answers nothing"))),
  random: v.array(v.nullable(v.number())),
  path,
  warnings,
});

/** `experiment drop-filters`. */
export const dropFilters = v.object({
  run: text,
  label: v.optional(text),
  boxed: whole,
  layer: v.tuple([whole, whole]),
  mapSides: v.tuple([whole, whole]),
  maps: whole,
  dropped: whole,
  places: whole,
  accuracy: share,
  classifierAccuracy: v.optional(share),
  boxOverlap: v.optional(share),
  count: whole,
  seen: v.optional(v.object({
    before: share,
    after: share,
    random: share,
    othersKept: share,
    othersKeptRandom: share,
  })),
  path,
  warnings,
});

const sums = v.object({
  added: share,
  kept: v.optional(share),
  both: share,
  nearest: v.number(),
});

/** `experiment arithmetic`. */
export const arithmetic = v.object({
  run: text,
  groups: v.array(text),
  added: text,
  kept: text,
  exemplars: whole,
  trials: whole,
  agreed: v.array(share),
  accuracy: share,
  before: sums,
  latents: sums,
  single: sums,
  pixels: sums,
  singlePixels: sums,
  path,
  warnings,
});

import * as v from "valibot";
import {
  averageLength,
  checkpointChoice,
  integer,
  number,
  type OptionKind,
  record,
  text,
  toggle,
} from "../../options/option.ts";
import { groupKind } from "../../explore/arithmetic/groups.ts";
import type { ArithmeticExperimentOptions } from "../arithmetic/arithmetic_experiment.ts";
import type { DropFiltersOptions } from "../filters/drop_filters_experiment.ts";
import type { GuidedBackpropOptions } from "../guided/guided_backprop_experiment.ts";
import type { NearestNeighborOptions } from "../neighbors/nearest_neighbor_experiment.ts";
import type { SvmExperimentOptions } from "../svm/svm_experiment.ts";
import type { WalkOptions } from "../walk/walk_experiment.ts";
import type { OptionKinds } from "../../explore/check_options.ts";

/** Numbers above 0, at least one; as text, with commas between them. */
function positiveNumbers(): OptionKind<readonly number[]> {
  return {
    allowed: "a list of numbers above 0",
    schema: v.pipe(v.array(v.pipe(v.number(), v.gtValue(0), v.finite())), v.minLength(1)),
    fromText: (text) => text.split(",").map((one) => one.trim() === "" ? NaN : Number(one)),
  };
}

/** Most pictures of a set. */
const MOST = 1e9;

/** What options may be that several experiments have. */
const COMMON = {
  from: checkpointChoice(),
  seed: integer(0, 2 ** 32 - 1),
  count: integer(1, MOST),
  memory: number({ above: 0, to: 1e6 }),
} as const;

/** What the options that say where pictures come from may be. */
const RUN_DATA_KINDS = {
  data: text(),
  dataRoot: text(),
  dataOptions: record(),
  report: null,
  progress: null,
  signal: null,
} as const;

/** What the options that say where labeled pictures come from may be. */
const LABELED_DATA_KINDS = { ...RUN_DATA_KINDS, label: text() } as const;

/** What the options of `svmExperiment()` may be. */
export const SVM_KINDS = {
  ...LABELED_DATA_KINDS,
  from: COMMON.from,
  perClass: COMMON.count,
  draws: integer(1, 100),
  limit: COMMON.count,
  testLimit: COMMON.count,
  validation: COMMON.count,
  c: positiveNumbers(),
  memory: COMMON.memory,
  seed: COMMON.seed,
} as const satisfies OptionKinds<SvmExperimentOptions>;

/** What the options of `nearestNeighborExperiment()` may be. */
export const NEAREST_NEIGHBOR_KINDS = {
  ...LABELED_DATA_KINDS,
  from: COMMON.from,
  ema: toggle(),
  emaLength: averageLength(),
  samples: COMMON.count,
  limit: COMMON.count,
  seed: COMMON.seed,
} as const satisfies OptionKinds<NearestNeighborOptions>;

/** What the options of `guidedBackpropExperiment()` may be. */
export const GUIDED_BACKPROP_KINDS = {
  ...RUN_DATA_KINDS,
  from: COMMON.from,
  features: integer(1, 64),
  pictures: integer(1, 16),
  limit: COMMON.count,
  seed: COMMON.seed,
} as const satisfies OptionKinds<GuidedBackpropOptions>;

/** What the options of `dropFiltersExperiment()` may be. */
export const DROP_FILTERS_KINDS = {
  ...RUN_DATA_KINDS,
  from: COMMON.from,
  ema: toggle(),
  emaLength: averageLength(),
  boxes: null,
  label: text(),
  absent: text(),
  samples: integer(1, 65_536),
  count: integer(1, 65_536),
  layer: integer(1, 64),
  seed: COMMON.seed,
} as const satisfies OptionKinds<DropFiltersOptions>;

/** What the options of `walkExperiment()` may be. */
export const WALK_KINDS = {
  from: COMMON.from,
  ema: toggle(),
  emaLength: averageLength(),
  points: integer(2, 256),
  columns: integer(3, 256),
  seed: COMMON.seed,
  signal: null,
} as const satisfies OptionKinds<WalkOptions>;

/** What the options of `arithmeticExperiment()` may be. */
export const ARITHMETIC_KINDS = {
  ...RUN_DATA_KINDS,
  from: COMMON.from,
  ema: toggle(),
  emaLength: averageLength(),
  a: groupKind(),
  b: groupKind(),
  c: groupKind(),
  exemplars: integer(1, 64),
  trials: integer(20, 4096),
  seed: COMMON.seed,
} as const satisfies OptionKinds<ArithmeticExperimentOptions>;

import type { Described, PredictedLabel } from "./features/feature_network.ts";
import { pixelDeviation } from "./metrics/deviation.ts";
import type { Features } from "./metrics/features.ts";
import { frechetDistance } from "./metrics/frechet.ts";
import { kid } from "./metrics/kid.ts";
import { coveredModes, modesErrors } from "./metrics/modes.ts";
import { nearestError, nearestPictures } from "./metrics/nearest.ts";
import { precisionRecall } from "./metrics/precision_recall.ts";
import { type Figures, subsetErrors } from "./metrics/standard_error.ts";
import { meanOf, patchDistances, worstGap } from "./patch_distance.ts";
import { asPixels, countOf, firstOf, type PictureSet, shrink, withRows } from "./pictures.ts";
import { type PixelReference, PROBES } from "./pixel_reference.ts";
import type { Score, Scores } from "./score.ts";

/** Parts of the pictures that error bars are taken from. */
const REPEATS = 5;

/** Neighbors that precision and its kin look at (Naeem et al. 2020, section 5). */
const NEIGHBORS = 5;

/** Rows of a subset of KID (Binkowski et al. 2018, section 5). */
const KID_SUBSET = 1000;

/** Combinations of classes that are counted as modes at most. */
const MOST_MODES = 10_000;

/** The scores that need no features. */
export function scorePixels(reference: PixelReference, samples: PictureSet): Scores {
  return {
    ...patchScores(reference, samples),
    deviation: deviationScore(reference.pictures, samples),
    ...nearestScore(reference, samples),
  };
}

function patchScores({ pictures: real, patches, floors }: PixelReference, fake: PictureSet): Scores {
  const distance = (count: number) => (r: Features, f: Features): Figures => {
    const { each, whole } = patchDistances(withRows(real, r), withRows(fake, f), count);
    return {
      swd: meanOf(each),
      patchGap: worstGap(each, floors.each),
      rawPatchGap: worstGap(whole, floors.whole),
    };
  };
  return withErrors(asPixels(real), asPixels(fake), {
    whole: distance(patches),
    part: distance(Math.floor(patches / REPEATS)),
  });
}

function deviationScore(real: PictureSet, fake: PictureSet): Score {
  const ratio = (r: Features, f: Features): Figures => {
    const whole = pixelDeviation(r);
    // Data whose pictures are all the same differ by nothing: samples that do the same are as good
    return { deviation: whole === 0 ? (pixelDeviation(f) === 0 ? 1 : Infinity) : pixelDeviation(f) / whole };
  };
  return withErrors(asPixels(real), asPixels(fake), { whole: ratio, part: ratio }).deviation!;
}

/** Missing if the data's own pictures are copies of each other. */
function nearestScore({ small, within }: PixelReference, samples: PictureSet): Scores {
  if (within === 0) return {};
  const probes = shrink(firstOf(samples, Math.min(PROBES, countOf(samples))));
  const found = nearestPictures(probes, small);
  const { standardError } = nearestError(found, { repeats: 100, seed: 1 });
  return { nearest: { value: found.mean / within, error: standardError / within } };
}

/** The scores that need features. */
export function compareFeatures(
  real: Described,
  fake: Described,
  labels: readonly PredictedLabel[],
): Scores {
  const distance = (r: Features, f: Features): Figures => ({ frechet: frechetDistance(r, f).distance });
  const neighbors = (r: Features, f: Features): Figures => ({ ...precisionRecall(r, f, { k: NEIGHBORS }) });
  const fewest = Math.min(real.features.count, fake.features.count);
  // Parts must have more rows than neighbors are asked for
  const canSplit = Math.floor(fewest / REPEATS) > NEIGHBORS;
  const found = kid(real.features, fake.features, {
    size: Math.min(KID_SUBSET, Math.floor(fewest / 2)),
    seed: 1,
  });
  return {
    ...withErrors(real.features, fake.features, { whole: distance, part: distance }),
    kid: { value: found.mean, error: found.standardError },
    ...withErrors(real.features, fake.features, {
      whole: neighbors,
      ...(canSplit ? { part: neighbors } : {}),
    }),
    ...modeScores(real, fake, labels),
  };
}

/** Modes are the combinations of all labels' classes; missing if there are more than can be counted. */
function modeScores(real: Described, fake: Described, labels: readonly PredictedLabel[]): Scores {
  const classes = labels.reduce((product, label) => product * label.classes, 1);
  if (labels.length === 0 || classes > MOST_MODES) return {};
  const modesOf = ({ classes: found, features: { count } }: Described): Uint32Array =>
    Uint32Array.from(
      { length: count },
      (_, row) => labels.reduce((mode, label, i) => mode * label.classes + found[i]![row]!, 0),
    );
  // A mode that the pictures of the data do not show may still be one: it counts as seen once
  const realCounts = new Uint32Array(classes).fill(1);
  for (const mode of modesOf(real)) realCounts[mode]!++;
  const predicted = modesOf(fake);
  const { modes, reverseKl } = coveredModes(predicted, { classes, realCounts });
  const errors = modesErrors(predicted, { classes, realCounts }, { repeats: 50, seed: 1 });
  return {
    modes: { value: modes, error: errors.modes.standardError },
    reverseKl: { value: reverseKl, error: errors.reverseKl.standardError },
  };
}

/** Figures of all rows, with errors from parts of them; NaN if there are too few rows for parts. */
function withErrors(
  real: Features,
  fake: Features,
  { whole, part }: {
    readonly whole: (real: Features, fake: Features) => Figures;
    readonly part?: (real: Features, fake: Features) => Figures;
  },
): Record<string, Score> {
  const errors = part && subsetErrors(real, fake, part, { repeats: REPEATS, seed: 1 });
  return Object.fromEntries(
    Object.entries(whole(real, fake)).map(([name, value]) => [
      name,
      { value, error: errors?.[name]?.standardError ?? NaN },
    ]),
  );
}

import { frechetDistance } from "../../../src/dcgan/scores/metrics/frechet.ts";
import { kernelDistance, kidOverSubsets } from "../../../src/dcgan/scores/metrics/kid.ts";
import { coveredModes } from "../../../src/dcgan/scores/metrics/modes.ts";
import { precisionRecall } from "../../../src/dcgan/scores/metrics/precision_recall.ts";
import { slicedWasserstein } from "../../../src/dcgan/scores/metrics/sliced_wasserstein.ts";
import type { Features } from "../../../src/dcgan/scores/metrics/features.ts";
import { floatsOf, type GoldenCase, type Results } from "../golden_case.ts";

/** Metrics of generated pictures: computed on the CPU, without a device. */
export const METRICS = {
  frechet_distance(_device: unknown, golden: GoldenCase): Promise<Results> {
    const { distance, meanTerm } = frechetDistance(...pair(golden));
    return scalars({ distance, mean_term: meanTerm });
  },
  async kid(_device: unknown, golden: GoldenCase): Promise<Results> {
    const [real, fake] = pair(golden);
    golden.expectParams({ degree: 3, coef: 1, gamma: 1 / real.dimensions });
    const [reals, fakes] = [rowsOf(golden, "subset_real"), rowsOf(golden, "subset_fake")];
    const subsets = reals.map((rows, index) => ({ real: rows, fake: fakes[index]! }));
    const { mean, deviation, perSubset } = kidOverSubsets(real, fake, subsets);
    const results = await scalars({ kid: mean, std: deviation, full: kernelDistance(real, fake) });
    return results.set("output.per_subset", floatsOf([perSubset.length], perSubset));
  },
  precision_recall_density_coverage(_device: unknown, golden: GoldenCase): Promise<Results> {
    const figures: Record<string, number> = {};
    for (const k of golden.param("k_precision_recall") as number[]) {
      const { precision, recall } = precisionRecall(...pair(golden), { k });
      figures[`precision_k${k}`] = precision;
      figures[`recall_k${k}`] = recall;
    }
    const k = golden.number("k_density_coverage");
    const { density, coverage } = precisionRecall(...pair(golden), { k });
    return scalars({ ...figures, [`density_k${k}`]: density, [`coverage_k${k}`]: coverage });
  },
  async sliced_wasserstein(_device: unknown, golden: GoldenCase): Promise<Results> {
    const found = slicedWasserstein(...pair(golden), featuresOf(golden, "projections"));
    const results = await scalars({ swd1: found.swd1, swd2: found.swd2 });
    return results.set("output.w1", floatsOf([found.w1.length], found.w1))
      .set("output.w2_squared", floatsOf([found.w2Squared.length], found.w2Squared));
  },
  async modes_and_reverse_kl(_device: unknown, golden: GoldenCase): Promise<Results> {
    const [predicted, realCounts] = [integers(golden, "class"), integers(golden, "real_counts")];
    const classes = golden.number("classes");
    const { counts, modes, reverseKl } = coveredModes(predicted, { classes, realCounts });
    const uniform = coveredModes(predicted, { classes }).reverseKl;
    const results = await scalars({ reverse_kl: reverseKl, reverse_kl_uniform: uniform });
    return results.set("output.counts", whole([...counts])).set("output.modes", whole([modes]));
  },
};

function featuresOf(golden: GoldenCase, name: string): Features {
  const { data, shape } = golden.floats(`input.${name}`);
  return { data, count: shape[0]!, dimensions: shape[1]! };
}

function pair(golden: GoldenCase): [real: Features, fake: Features] {
  return [featuresOf(golden, "real"), featuresOf(golden, "fake")];
}

function integers(golden: GoldenCase, name: string): number[] {
  const tensor = golden.tensors.get(`input.${name}`);
  if (tensor?.dtype !== "I64") throw new Error(`The case has no whole numbers 'input.${name}'`);
  return Array.from(tensor.data as BigInt64Array, Number);
}

/** The rows of a matrix of whole numbers. */
function rowsOf(golden: GoldenCase, name: string): number[][] {
  const [rows, columns] = golden.tensors.get(`input.${name}`)!.shape;
  const all = integers(golden, name);
  return Array.from({ length: rows! }, (_, row) => all.slice(row * columns!, (row + 1) * columns!));
}

function scalars(figures: Readonly<Record<string, number>>): Promise<Results> {
  const results: Results = new Map();
  for (const [name, value] of Object.entries(figures)) results.set(`output.${name}`, floatsOf([], [value]));
  return Promise.resolve(results);
}

function whole(
  values: readonly number[],
): { dtype: "I64"; shape: number[]; data: BigInt64Array<ArrayBuffer> } {
  return { dtype: "I64", shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}

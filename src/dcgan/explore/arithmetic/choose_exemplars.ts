import type { Device } from "../../../gpu/mod.ts";
import { chooseLabels, trainFactorReaders } from "../directions/read_factors.ts";
import { type Factor, factorsOf } from "../directions/factors.ts";
import type { Rows } from "../directions/least_squares.ts";
import type { SeedPlace } from "../latents/places.ts";
import type { OpenGenerator } from "../open_generator.ts";
import { openRunData, readRunConfig, type RunDataOptions } from "../run_data.ts";
import { type Condition, conditionsOf, type Group, type GroupName, placesOf } from "./groups.ts";

/** Samples that exemplars are chosen from. */
const POOL = 1024;

/** How exemplars are chosen. */
export interface ChooseExemplarsOptions extends RunDataOptions {
  /** How many for each group that is of conditions. */
  readonly exemplars: number;
  /** Seed of the samples that they are chosen from. */
  readonly seed: number;
}

/**
 * The places of the samples of groups. For a group of conditions these are the samples, of the first 1,024 of
 * a seed, that two small networks are surest of; they are trained on the labels of the run's dataset.
 *
 * @param labels Classes that samples have in turn, of a conditional generator.
 * @throws {RangeError} if the dataset has no such label or class.
 */
export async function chooseExemplars(
  device: Device,
  source: string,
  generator: OpenGenerator,
  groups: Readonly<Partial<Record<GroupName, Group>>>,
  labels: readonly number[] | undefined,
  options: ChooseExemplarsOptions,
  warnings: string[],
): Promise<Readonly<Partial<Record<GroupName, readonly SeedPlace[]>>>> {
  const entries = Object.entries(groups);
  const asked = entries.flatMap(([, group]) => conditionsOf(group) ?? []);
  const chosen = asked.length === 0
    ? () => []
    : await readPool(device, source, generator, asked, labels, options, warnings);
  return Object.fromEntries(entries.map(([name, group]) => {
    const conditions = conditionsOf(group);
    return [name, conditions ? chosen(conditions) : placesOf(group)];
  }));
}

/** Reads samples, and gives a function that chooses among them. */
async function readPool(
  device: Device,
  source: string,
  generator: OpenGenerator,
  asked: readonly Condition[],
  labels: readonly number[] | undefined,
  options: ChooseExemplarsOptions,
  warnings: string[],
): Promise<(conditions: readonly Condition[]) => SeedPlace[]> {
  const { seed, exemplars } = options;
  const action = "choose samples";
  const config = await readRunConfig(source, options, action);
  await using dataset = await openRunData(source, config, options, warnings, `${action} of`);
  const names = chooseLabels(dataset, [...new Set(asked.map(({ label }) => label))], source);
  // Before networks are trained: a class may be misspelled
  const factors = factorsOf(dataset.labels!, names);
  for (const condition of asked) columnOfCondition(condition, factors, source);
  using read = await trainFactorReaders(device, dataset, names, options);
  const pictures = await generator.draw(generator.latents(seed, POOL), labels, options.signal);
  const readings = [await read.readers[0].read(pictures), await read.readers[1].read(pictures)];
  return (conditions) =>
    surest(conditions, readings, factors, source).slice(0, exemplars).map((at): SeedPlace => `${seed}:${at}`);
}

/**
 * Places of pictures, those first that networks are surest of meeting conditions: as sure of the least sure condition as
 * can be, by the mean of what they read in deviations from its mean.
 *
 * @param readings What each network reads off the pictures.
 */
export function surest(
  conditions: readonly Condition[],
  readings: readonly Rows[],
  factors: readonly Factor[],
  source: string,
): number[] {
  const scores = conditions.map((one) => standardScores(readings, columnOfCondition(one, factors, source)));
  const least = Array.from(
    { length: readings[0]!.count },
    (_, at) => Math.min(...scores.map((one) => one[at]!)),
  );
  return [...least.keys()].sort((a, b) => least[b]! - least[a]! || a - b);
}

/** The column that a condition is about, and whether high numbers meet it. */
export function columnOfCondition(
  { label, value }: Condition,
  factors: readonly Factor[],
  source: string,
): { column: number; sign: 1 | -1 } {
  const own = [...factors.entries()].filter(([, factor]) => factor.label === label);
  const isNumber = own[0]![1].className === undefined;
  if (isNumber && (value === "high" || value === "low")) {
    return { column: own[0]![0], sign: value === "high" ? 1 : -1 };
  }
  const found = own.find(([, { className }]) => className === value);
  if (found) return { column: found[0], sign: 1 };
  const known = isNumber ? ["high", "low"] : own.map(([, { className }]) => className);
  throw new RangeError(
    `Cannot choose samples of ${source} by ${label}: it must be one of ${known.join(", ")}, found "${value}"`,
  );
}

/** The mean of what networks read, in deviations from its mean. */
function standardScores(
  readings: readonly Rows[],
  { column, sign }: { readonly column: number; readonly sign: 1 | -1 },
): Float64Array {
  const values = Float64Array.from({ length: readings[0]!.count }, (_, row) => {
    const read = readings.map(({ data, dimensions }) => data[row * dimensions + column]!);
    return sign * read.reduce((sum, value) => sum + value, 0) / read.length;
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) ||
    1;
  return values.map((value) => (value - mean) / deviation);
}

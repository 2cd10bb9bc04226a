import { expectKnownOptions } from "../../gpu/mod.ts";
import { RunFolder } from "../run/folder/run_folder.ts";
import { type Condition, expectField, parseCondition } from "./condition.ts";
import { listRuns } from "./list_runs.ts";
import { isOfSteps, valueOf } from "./run_field.ts";
import type { DamagedRun, RunSummary } from "./run_summary.ts";
import { lastMeans } from "./step_means.ts";

/** What {@linkcode queryRuns} looks for. */
export interface RunQuery {
  /**
   * Conditions that all must hold: a field, one of `=`, `!=`, `<`, `<=`, `>` and `>=`, and a value, such as
   * `"size=64"` or `"patchGap<20"`. A run without a value for the field does not meet the condition.
   *
   * @default {[]}
   */
  where?: readonly string[];
  /**
   * The field to sort by, least first; with `-` before it, greatest first. Runs without a value come last.
   * Without it, those last written come first.
   */
  sort?: string;
  /**
   * Fields to return.
   *
   * @default {those of where and sort}
   */
  fields?: readonly string[];
}

/** A run that meets a query. */
export interface FoundRun {
  /** Path of its folder. */
  readonly run: string;
  /** The values of the fields, by name; undefined where it has none. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What {@linkcode queryRuns} found. */
export interface QueryResult {
  /** The fields of each run, in order. */
  readonly fields: readonly string[];
  /** The runs that meet all conditions. */
  readonly runs: readonly FoundRun[];
  /** Runs that cannot be read, and so were not asked. */
  readonly damaged: readonly DamagedRun[];
}

/**
 * Looks for runs in a folder by their options, scores and numbers. Fields are: the options of a run by their
 * names (`learningRate`, or `learning-rate` as on the command line); scores (`swd`, `patchGap`, ...) of its
 * best scored step; `generatorLoss`, `discriminatorLossReal`, `discriminatorLossFake`, `dReal`, `dFake`,
 * `dFakeAfter`, `discriminatorGradientNorm`, `generatorGradientNorm`, `penalties` as means of its last 100
 * steps; and `run`, `state`, `recipe`, `step`, `epoch`, `written`, `verdict`, `bestStep` and `images`.
 *
 * @param folder Holds run folders.
 * @throws {ConfigError} if a field is unknown, or a condition cannot be read.
 * @throws {Error} if there is no such folder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, queryRuns, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const folder = await Deno.makeTempDir();
 * const options = { size: 16, ngf: 8, ndf: 8, batch: 4, scoreEvery: 0 } as const;
 * for (const steps of [1, 2]) {
 *   await Array.fromAsync(train(device, { ...options, steps, out: `${folder}/${steps}` }));
 * }
 * const { runs } = await queryRuns(folder, { where: ["size=16", "step>1"], sort: "generatorLoss" });
 * assertEquals(runs.map(({ run }) => run), [`${folder}/2`]);
 * ```
 */
export async function queryRuns(folder = "runs", query: RunQuery = {}): Promise<QueryResult> {
  expectKnownOptions<RunQuery>("queryRuns()", query, { where: true, sort: true, fields: true });
  const conditions = (query.where ?? []).map(parseCondition);
  const [, isDescending = "", sortName] = /^(-?)(.*)$/s.exec(query.sort ?? "") ?? [];
  const sort = query.sort === undefined ? undefined : expectField(sortName!, "sort");
  const fields = query.fields?.map((name) => expectField(name, "fields")) ?? usualFields(conditions, sort);
  const wanted = [...new Set([...fields, ...conditions.map(({ field }) => field), ...sort ? [sort] : []])];
  const damaged: DamagedRun[] = [];
  const found: FoundRun[] = [];
  for (const run of await listRuns(folder)) {
    if (run.state === "damaged") {
      damaged.push(run);
      continue;
    }
    const values = await valuesOf(run, wanted);
    if (conditions.every(({ field, holds }) => holds(values[field]))) found.push({ run: run.run, values });
  }
  if (sort !== undefined) {
    found.sort((a, b) => order(a.values[sort], b.values[sort], isDescending === "-" ? -1 : 1));
  }
  const only = ({ run, values }: FoundRun): FoundRun => ({
    run,
    values: Object.fromEntries(fields.map((field) => [field, values[field]])),
  });
  return { fields, runs: found.map(only), damaged };
}

/** Fields to return if none are named. */
function usualFields(conditions: readonly Condition[], sort: string | undefined): string[] {
  const asked = [...conditions.map(({ field }) => field), ...sort === undefined ? [] : [sort]];
  return [...new Set(["state", "step", ...asked])].filter((field) => field !== "run");
}

async function valuesOf(run: RunSummary, fields: readonly string[]): Promise<Record<string, unknown>> {
  const means = fields.some(isOfSteps) ? await lastMeans(RunFolder.at(run.run).metricsPath) : undefined;
  return Object.fromEntries(fields.map((field) => [field, valueOf(run, field, means)]));
}

/** Numbers by size, other values by their text, and what is missing last. */
function order(a: unknown, b: unknown, sign: 1 | -1): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  const [one, other] = [a, b].map((value) => typeof value === "string" ? value : JSON.stringify(value));
  return one === other ? 0 : one! < other! ? -sign : sign;
}

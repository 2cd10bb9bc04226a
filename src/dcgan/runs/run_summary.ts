import { host } from "../../host/host.ts";
import { shownBy } from "../../pictures/notebook/mime_bundle.ts";
import { showRun } from "../notebook/run_view.ts";
import { CHECKPOINT_FILES, checkpointsIn, namesIn } from "../checkpoints/checkpoint_files.ts";
import { lastSteps } from "../numbers/last_steps.ts";
import type { TrainConfig } from "../options/config.ts";
import type { PresetName } from "../recipes/presets.ts";
import { RunFolder } from "../run/folder/run_folder.ts";
import { RunLock } from "../run/folder/run_lock.ts";
import { judgeSamples, LATE, type Verdict } from "../scores/judge/verdict.ts";
import { isBetter } from "../scores/score.ts";
import { bestOf, readScores, SCORES_FILE, type StepScores } from "../scores/scores_file.ts";
import { recipeOf } from "./recipe_of.ts";

/** What a run folder says of its run. In a notebook it shows itself as its latest samples and its curves. */
export interface RunSummary {
  /** Path of the folder. */
  readonly run: string;
  /** Whether a process is training it now, it has done its last step, or it ended before. */
  readonly state: "running" | "finished" | "stopped";
  /** Its options. */
  readonly config: TrainConfig;
  /** The preset that these are those of; "own" if there is none. */
  readonly recipe: PresetName | "own";
  /** Steps that were trained. */
  readonly step: number;
  /** When it last wrote numbers, a checkpoint or its config: a time of ISO 8601. */
  readonly written: string;
  /** The scores that are best by its `scoreBy`; undefined if it has none. */
  readonly best: StepScores | undefined;
  /** How good these are. */
  readonly verdict: Verdict | undefined;
}

/** A run folder that cannot be used as it is. */
export interface DamagedRun {
  /** Path of the folder. */
  readonly run: string;
  /** Tells it from a {@linkcode RunSummary}. */
  readonly state: "damaged";
  /** What is wrong with it, in a sentence. */
  readonly problem: string;
  /** When it was last written, as far as that is known: a time of ISO 8601. */
  readonly written: string;
}

const withPictures = shownBy<RunSummary>(async ({ run }) => (await showRun(run)).bundle());

/**
 * Reads what a run folder says of its run: its config, its scores, its last numbers and the names of its
 * checkpoints, whose content is not looked at.
 *
 * @throws {Deno.errors.NotCapable} if it may not be read.
 */
export async function readRun(run: string): Promise<RunSummary | DamagedRun> {
  const folder = RunFolder.at(run);
  try {
    const config = await folder.readConfig();
    const [latest] = await checkpointsIn(folder.checkpoints);
    if (latest) await expectComplete(latest.path);
    const [last] = await lastSteps(folder.metricsPath, 1);
    const step = Math.max(latest?.step ?? 0, last?.step ?? 0);
    const scored = await readScores(`${run}/${SCORES_FILE}`);
    const best = bestOf(scored, config.scoreBy);
    const isOver = (latest?.step ?? 0) >= config.steps || isFlat(scored, config);
    const summary: RunSummary = {
      run,
      state: await RunLock.isTaken(run) ? "running" : isOver ? "finished" : "stopped",
      config,
      recipe: recipeOf(config),
      step,
      written: await lastWritten(run),
      best,
      verdict: best && judgeSamples(best.scores, best.step < LATE),
    };
    return withPictures(summary);
  } catch (error) {
    if (host().problemOf(error) === "NotCapable") throw error;
    const problem = error instanceof Error ? error.message : `${error}`;
    return { run, state: "damaged", problem, written: await lastWritten(run) };
  }
}

/** Throws if a checkpoint lacks a file. */
async function expectComplete(checkpoint: string): Promise<void> {
  const names = await namesIn(checkpoint);
  const missing = Object.values(CHECKPOINT_FILES).find((file) => !names.includes(file));
  if (missing === undefined) return;
  throw new Error(`${checkpoint} is damaged: ${missing} is missing. Resume the run to continue without it`);
}

/** Whether a run was ended as its scores no longer improved. */
function isFlat(scored: readonly StepScores[], { scoreBy, stopWhenFlat }: TrainConfig): boolean {
  let best: number | undefined;
  let flatFor = 0;
  for (const { scores } of scored) {
    const value = scores[scoreBy]?.value;
    if (value === undefined) continue;
    const improves = best === undefined || isBetter(scoreBy, value, best);
    if (improves) best = value;
    flatFor = improves ? 0 : flatFor + 1;
  }
  return stopWhenFlat > 0 && flatFor >= stopWhenFlat;
}

/** When a run was last written. */
async function lastWritten(run: string): Promise<string> {
  const paths = ["config.json", "metrics.jsonl", "checkpoints"].map((name) => `${run}/${name}`);
  const times = await Promise.all([...paths, run].map(async (path) => {
    const { mtime } = await host().stat(path).catch(() => ({ mtime: null }));
    return { path, time: mtime?.getTime() ?? 0 };
  }));
  // The folder itself changes as a picture or the lock does
  const own = times.filter(({ path, time }) => path !== run && time > 0);
  return new Date(Math.max(...(own.length > 0 ? own : times).map(({ time }) => time))).toISOString();
}

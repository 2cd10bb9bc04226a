import { host } from "../../host/host.ts";
import { PACKAGE } from "../../files/package.ts";
import type { TrainConfig } from "../options/config.ts";
import { sizeText } from "../options/table/image_size.ts";
import { SCORE_NAMES, SCORES, type Scores } from "../scores/score.ts";
import type { StepScores } from "../scores/scores_file.ts";
import { type Chart, chartsOf } from "./charts.ts";
import { type ConfigRow, configRows } from "./config_rows.ts";
import { type GridPlaces, gridPlaces } from "./grid_places.ts";
import { choosePictures, dataUri, evenly } from "./pictures.ts";
import type { RunPicture, RunRead, StepAdvice } from "./run_reader.ts";

/** A name and what it stands for. */
type Fact = readonly [name: string, value: string];

/** A grid of samples in a page. */
export interface ReportGrid {
  /** Step after which it was drawn. */
  readonly step: number;
  /** The picture itself, or its path. */
  readonly source: string;
}

/** A row of the table of scores. */
export interface ScoreRow {
  /** Its name. */
  readonly title: string;
  /** What good samples have, and what it says. */
  readonly meaning: string;
  /** At the first scored step, the best and the last. */
  readonly values: readonly string[];
}

/**
 * All that a page shows of a run. Its text is as it was found: the page makes nodes of text of it, never
 * markup.
 */
export interface Report {
  /** The dataset, as a heading. */
  readonly title: string;
  /** Path of the run folder. */
  readonly path: string;
  /** Steps done. */
  readonly step: number;
  /** Steps of the whole run. */
  readonly steps: number;
  /** When this was read. */
  readonly written: string;
  /** How good the samples are, and what to do next; null if they were not scored. */
  readonly verdict: { readonly sentence: string; readonly next: string; readonly step: number } | null;
  /** Step of the best checkpoint. */
  readonly best: number | null;
  /** What is wrong. */
  readonly advice: readonly StepAdvice[];
  /** The curves. */
  readonly charts: readonly Chart[];
  /** Grids of samples, by step. */
  readonly grids: readonly ReportGrid[];
  /** What the samples in a grid are called. */
  readonly places: GridPlaces;
  /** The grid of the data, or its path. */
  readonly real: string | null;
  /** What is to be known of the pictures: which are left out, and what their rows are. */
  readonly pictureNotes: readonly string[];
  /** The steps that have scores in the table: the first, the best and the last. */
  readonly scoredSteps: readonly number[];
  /** The scores of these. */
  readonly scores: readonly ScoreRow[];
  /** The dataset. */
  readonly dataset: readonly Fact[];
  /** The options. */
  readonly config: { readonly different: readonly ConfigRow[]; readonly same: readonly ConfigRow[] };
  /** What was changed on the way. */
  readonly changes: readonly string[];
  /** Adapter, versions, time. */
  readonly machine: readonly Fact[];
}

/** Grids that a page can name without holding them. */
const MOST_NAMED = 200;

/**
 * What a page shows of a run.
 *
 * @param embed Whether pictures are in the report itself, so that it needs no other file. Else it has their
 * paths.
 */
export async function reportOf(run: RunRead, embed: boolean): Promise<Report> {
  const { path, config, history, scored, best, advice, verdict } = run;
  const chosen = embed ? choosePictures(run) : { grids: evenly(run.grids, MOST_NAMED), real: run.real };
  // A picture that is named again has another address, so that a browser does not show the old one
  const sourceOf = ({ name, size }: RunPicture): Promise<string | undefined> =>
    embed ? dataUri(`${path}/${name}`) : Promise.resolve(`${name}?${size}`);
  const grids: ReportGrid[] = [];
  for (const grid of chosen.grids) {
    const source = await sourceOf(grid);
    if (source !== undefined) grids.push({ step: grid.step, source });
  }
  const real = chosen.real && await sourceOf(chosen.real) || null;
  const table = [...new Set([scored[0], scored.find(({ step }) => step === best), scored.at(-1)])]
    .filter((one) => one !== undefined).sort((a, b) => a.step - b.step);
  return {
    title: config.data,
    path,
    step: history.ends?.[1] ?? 0,
    steps: config.steps,
    written: new Date().toISOString(),
    verdict: verdict ? { sentence: verdict.sentence, next: verdict.next, step: scored.at(-1)!.step } : null,
    best: best ?? null,
    advice,
    charts: chartsOf(history, scored, config),
    grids,
    places: gridPlaces(config),
    real,
    pictureNotes: [
      ...leftOut(run, grids.length, real !== null, embed),
      ...rowsOfClasses(config),
    ],
    scoredSteps: table.map(({ step }) => step),
    scores: scoreRows(table),
    dataset: datasetFacts(config),
    config: configRows(config),
    changes: (config.changes ?? []).map(({ step, option, from, to }) =>
      `After step ${step}: ${option} from ${JSON.stringify(from)} to ${JSON.stringify(to)}`
    ),
    machine: machineFacts(run),
  };
}

/** What the page does not show of the pictures of a run. */
function leftOut({ grids, real }: RunRead, shown: number, hasReal: boolean, embed: boolean): string[] {
  const which = embed ? "are in this file" : "are shown";
  return [
    ...shown < grids.length
      ? [
        `${shown} of ${grids.length} grids of samples ${which}, chosen evenly. ` +
        "The folder samples of the run has all of them.",
      ]
      : [],
    ...real && !hasReal
      ? ["The grid of the data is too large for this file: it is real.png in the run folder."]
      : [],
  ];
}

/** What the rows of a grid are, as they are drawn where there are two samples or more of each class. */
function rowsOfClasses({ classes, samples }: TrainConfig): string[] {
  if (!classes || samples < 2 * classes.length) return [];
  return [`Each row of samples is a class, from the top: ${classes.join(", ")}.`];
}

function scoreRows(table: readonly StepScores[]): ScoreRow[] {
  return SCORE_NAMES.filter((name) => table.some(({ scores }) => scores[name])).map((name) => ({
    title: SCORES[name].title,
    meaning: `${SCORES[name].meaning}. Good: ${SCORES[name].best}`,
    values: table.map(({ scores }) => scoreText(scores[name])),
  }));
}

/** A score with its error: `12.3 ± 0.4`; empty if there is none. */
export function scoreText(score: Scores[keyof Scores]): string {
  if (!score) return "";
  const digits = Math.abs(score.value) < 10 ? 2 : Math.abs(score.value) < 100 ? 1 : 0;
  const error = Number.isFinite(score.error) ? ` ± ${score.error.toFixed(digits)}` : "";
  return `${score.value.toFixed(digits)}${error}`;
}

/** Channels in words. */
const CHANNELS = { 1: "gray", 2: "gray with alpha", 3: "color", 4: "color with alpha" } as const;

function datasetFacts(config: TrainConfig): Fact[] {
  const { data, dataRoot, dataOptions, images, size, channels, classes } = config;
  return [
    ["Name", data],
    ...dataRoot === undefined ? [] : [["Place", dataRoot] as const],
    ["Images", images === undefined ? "not known of this run" : images.toLocaleString("en-US")],
    [
      "Shape",
      `${sizeText(size)}, ${channels} ${channels === 1 ? "channel" : "channels"} (${CHANNELS[channels]})`,
    ],
    ["Labels", classes ? `${classes.length} classes: ${classes.join(", ")}` : "not used by this run"],
    ...Object.entries(dataOptions).map(([name, value]): Fact => [`Option ${name}`, `${value}`]),
  ];
}

function machineFacts({ config, times: { began, written } }: RunRead): Fact[] {
  const took = began && written && written > began
    ? `${
      durationText((written.getTime() - began.getTime()) / 1000)
    }, pauses included, by the dates of its files`
    : undefined;
  return [
    ...config.kernels ? [["Adapter", config.kernels.adapter] as const] : [],
    ...took === undefined ? [] : [["From the first step to the last", took] as const],
    ...written ? [["Last step", written.toISOString().replace("T", " ").slice(0, 19) + " UTC"] as const] : [],
    [
      "This report is made by",
      `${PACKAGE.name} ${PACKAGE.version} on ${host().runtime}, ${host().target}`,
    ],
    ...config.run !== undefined ? [["Identity of the run", config.run] as const] : [],
  ];
}

function durationText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${seconds.toFixed(0)} s`;
}

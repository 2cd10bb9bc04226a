import { host } from "../../host/host.ts";
import { namesIn } from "../checkpoints/checkpoint_files.ts";
import { History } from "../numbers/history.ts";
import type { TrainConfig } from "../options/config.ts";
import { RunFolder } from "../run/folder/run_folder.ts";
import { Judge } from "../scores/judge/judge.ts";
import type { Judgment } from "../scores/judge/judgment.ts";
import { judgeSamples, LATE, type Verdict } from "../scores/judge/verdict.ts";
import { bestOf, readScores, SCORES_FILE, type StepScores } from "../scores/scores_file.ts";
import { MetricsTail } from "./metrics_tail.ts";

/** Advice, and after which step it was due. */
export interface StepAdvice extends Judgment {
  /** After which step. */
  readonly step: number;
}

/** A picture of a run. */
export interface RunPicture {
  /** Path from the run folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** A grid of samples. */
export interface SampleGrid extends RunPicture {
  /** Step after which it was drawn. */
  readonly step: number;
}

/** What a run folder says of a run. */
export interface RunRead {
  /** Path of the folder. */
  readonly path: string;
  /** Its settings. */
  readonly config: TrainConfig;
  /** Its numbers. */
  readonly history: History;
  /** Its scores. */
  readonly scored: readonly StepScores[];
  /** Step of the best of them. */
  readonly best: number | undefined;
  /** What is wrong with it, as its numbers and scores say. */
  readonly advice: readonly StepAdvice[];
  /** How good its latest samples are. */
  readonly verdict: Verdict | undefined;
  /** Grids of samples, by step. */
  readonly grids: readonly SampleGrid[];
  /** A grid of the data. */
  readonly real: RunPicture | undefined;
  /** When it began, and when its last numbers were written, by the dates of its files. */
  readonly times: { readonly began: Date | undefined; readonly written: Date | undefined };
}

/** Reads a run folder, while the run trains or later. Each time, only the numbers that are new are read. */
export class RunReader {
  readonly #folder: RunFolder;
  readonly #tail: MetricsTail;
  #history = new History();
  #judge: Judge | undefined;
  #advice: StepAdvice[] = [];
  #judged = 0;

  /** Of a run folder. */
  constructor(path: string) {
    this.#folder = RunFolder.at(path);
    this.#tail = new MetricsTail(this.#folder.metricsPath);
  }

  /**
   * What the folder says now.
   *
   * @throws {Error} if it is not a run folder, or its config cannot be used.
   */
  async read(): Promise<RunRead> {
    const { path, metricsPath } = this.#folder;
    const config = await this.#folder.readConfig();
    const scored = await readScores(`${path}/${SCORES_FILE}`);
    await this.#readSteps(config, scored);
    const last = scored.at(-1);
    const isEarly = last !== undefined && last.step < LATE && !this.#judge?.hasTold("samples-alike");
    const real = await pictureIn(path, "real.png");
    return {
      path,
      config,
      history: this.#history,
      scored,
      best: bestOf(scored, config.scoreBy)?.step,
      advice: this.#advice,
      verdict: last && judgeSamples(last.scores, isEarly),
      grids: await gridsIn(path, this.#history.ends?.[1]),
      real,
      times: { began: await dateOf(`${path}/real.png`), written: await dateOf(metricsPath) },
    };
  }

  /** Reads the new steps, and judges them as the run did. */
  async #readSteps(config: TrainConfig, scored: readonly StepScores[]): Promise<void> {
    const begin = (): Judge => {
      this.#history = new History();
      this.#advice = [];
      this.#judged = 0;
      const judge = this.#judge = new Judge(config);
      if (config.images !== undefined && config.scoreEvery !== 0) this.#told(0, judge.begin(config.images));
      return judge;
    };
    let judge = this.#judge ?? begin();
    const judgeUpTo = (end: number): void => {
      for (; (scored[this.#judged]?.step ?? Infinity) < end; this.#judged++) {
        const one = scored[this.#judged]!;
        // How much samples changed since the last score is in no file
        this.#told(one.step, judge.score({ ...one, change: undefined }));
      }
    };
    await this.#tail.read((step) => {
      judgeUpTo(step.step);
      this.#history.add(step);
      this.#told(step.step, judge.step(step));
    }, () => void (judge = begin()));
    judgeUpTo((this.#history.ends?.[1] ?? 0) + 1);
  }

  #told(step: number, judgments: readonly Judgment[]): void {
    for (const judgment of judgments) this.#advice.push({ step, ...judgment });
  }
}

/** Grids of samples up to a step: later ones are of a course that the run has left. */
async function gridsIn(path: string, last = Infinity): Promise<SampleGrid[]> {
  const grids = await Promise.all((await namesIn(`${path}/samples`)).map(async (name) => {
    const step = Number(/^step-(\d+)\.png$/.exec(name)?.[1] ?? Infinity);
    const picture = step <= last ? await pictureIn(path, `samples/${name}`) : undefined;
    return picture && { step, ...picture };
  }));
  return grids.filter((grid) => grid !== undefined).sort((a, b) => a.step - b.step);
}

async function pictureIn(path: string, name: string): Promise<RunPicture | undefined> {
  const found = await host().stat(`${path}/${name}`).catch(ifMissing);
  return found?.isFile ? { name, size: found.size } : undefined;
}

async function dateOf(path: string): Promise<Date | undefined> {
  return (await host().stat(path).catch(ifMissing))?.mtime ?? undefined;
}

function ifMissing(error: unknown): undefined {
  if (host().problemOf(error) !== "NotFound") throw error;
}

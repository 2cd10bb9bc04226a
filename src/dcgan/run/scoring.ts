import { readLabeled } from "../scores/features/labeled_pictures.ts";
import { openClassifier } from "../scores/features/open_classifier.ts";
import type { FeatureNetwork } from "../scores/features/feature_network.ts";
import { Judge } from "../scores/judge/judge.ts";
import type { Judgment } from "../scores/judge/judgment.ts";
import { judgeSamples, LATE, type Verdict } from "../scores/judge/verdict.ts";
import { type FoundScores, RunScorer } from "../scores/run_scorer.ts";
import { bestOf, readScores, SCORES_FILE, type StepScores, writeScores } from "../scores/scores_file.ts";
import type { StepMetrics, TrainEvent } from "./events.ts";
import type { RunPlan } from "./plan.ts";

/** The scores of a run as it trains, and what they say of it. */
export class RunScoring implements Disposable {
  readonly #run: RunPlan;
  readonly #judge: Judge;
  #scorer: RunScorer | undefined;
  #classifier: (FeatureNetwork & Disposable) | undefined;
  #scored: StepScores[] = [];
  #first: number;

  /** Of a planned run. */
  constructor(run: RunPlan) {
    this.#run = run;
    this.#judge = new Judge(run.config);
    this.#first = run.trainer.steps;
  }

  /** Step of the best checkpoint so far. */
  get best(): number | undefined {
    return bestOf(this.#scored, this.#run.config.scoreBy)?.step;
  }

  /** All scores so far. */
  get scored(): readonly StepScores[] {
    return this.#scored;
  }

  /** Whether the run is to end because its scores no longer improve. */
  get isFlat(): boolean {
    const { stopWhenFlat } = this.#run.config;
    return stopWhenFlat > 0 && this.#judge.flatFor >= stopWhenFlat;
  }

  /** Before the first step. */
  async *begin(): AsyncGenerator<TrainEvent, void, void> {
    const { config, dataset, folder, trainer, warnings, signal } = this.#run;
    if (config.scoreEvery === 0) return;
    yield* told(trainer.steps, this.#judge.begin(dataset.length));
    this.#scored = (await readScores(`${folder.path}/${SCORES_FILE}`)).filter(({ step }) =>
      step <= trainer.steps
    );
    this.#judge.recall(this.#scored);
    if (config.scoreBy === "frechet") {
      yield {
        type: "dataset",
        message: "Reading labeled images for the classifier whose features the scores use",
      };
      const data = await readLabeled(dataset, signal);
      const messages: string[] = [];
      const report = (message: string): void => void messages.push(message);
      this.#classifier = await openClassifier(this.#run.device, data, { report, signal });
      for (const message of messages) yield { type: "dataset", message };
    }
    this.#scorer = await RunScorer.open(config, dataset, this.#classifier, signal);
    if (this.#scorer) return;
    const { length } = dataset;
    warnings.push(
      `There are no scores, as the dataset has only ${length} ${length === 1 ? "image" : "images"}`,
    );
  }

  /** After the run was set back to an earlier step. */
  goBack(): void {
    const { config, trainer: { steps } } = this.#run;
    this.#scored = this.#scored.filter(({ step }) => step <= steps);
    this.#first = Math.min(this.#first, steps);
    this.#judge.goBack(config, this.#scored);
  }

  /** After each step. */
  *step(metrics: StepMetrics): Generator<TrainEvent, void, void> {
    yield* told(metrics.step, this.#judge.step(metrics));
  }

  /** Whether a step was scored. */
  hasScored(step: number): boolean {
    return this.#scored.at(-1)?.step === step;
  }

  /**
   * Whether a score is wanted now: always if a number of steps between them was asked for, else if there is
   * time.
   *
   * @param perStep Seconds of a step.
   */
  isWanted(perStep: number): boolean {
    const { config, trainer: { steps } } = this.#run;
    if (!this.#scorer || this.hasScored(steps)) return false;
    return config.scoreEvery !== undefined ||
      this.#scorer.isAffordable(perStep, steps - this.#first, config.steps - steps);
  }

  /** Whether there is anything to score with. */
  get canScore(): boolean {
    return this.#scorer !== undefined && !this.hasScored(this.#run.trainer.steps);
  }

  /**
   * Scores the samples. A signal that aborts ends that: who ends a run does not want to wait for its score.
   *
   * @param save Saves a checkpoint of this step.
   */
  async *score(save: () => AsyncGenerator<TrainEvent, void, void>): AsyncGenerator<TrainEvent, void, void> {
    const { folder, config, warnings } = this.#run;
    const scored = await this.#found();
    if (!scored) return;
    const { change, ...found } = scored;
    this.#scored.push(found);
    const isBest = this.best === found.step;
    const judgments = this.#judge.score({ ...found, change });
    // A score that is best names its checkpoint, so that comes first
    if (isBest) yield* save();
    await writeScores(`${folder.path}/${SCORES_FILE}`, this.#scored).catch((error: Error) =>
      void warnings.push(error.message)
    );
    yield { type: "score", ...found, by: config.scoreBy, isBest };
    yield* told(found.step, judgments);
  }

  async #found(): Promise<FoundScores | undefined> {
    const { telemetry, trainer, signal } = this.#run;
    using _span = telemetry?.span("score", { "dcgan.step": trainer.steps });
    try {
      return await this.#scorer!.score(trainer, signal);
    } catch (error) {
      if (signal?.aborted && error === signal.reason) return undefined;
      throw error;
    }
  }

  /** How good the run is, by its latest score. */
  get verdict(): Verdict | undefined {
    const last = this.#scored.at(-1);
    if (!last || !this.#scorer) return undefined;
    return judgeSamples(last.scores, last.step < LATE && !this.#judge.hasTold("samples-alike"));
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#classifier?.[Symbol.dispose]();
  }
}

function* told(step: number, judgments: readonly Judgment[]): Generator<TrainEvent, void, void> {
  for (const judgment of judgments) yield { type: "judgment", step, ...judgment };
}

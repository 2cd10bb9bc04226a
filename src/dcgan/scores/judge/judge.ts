import { rateFlags } from "../../optimizers/learning_rates.ts";
import { imagesInStep } from "../../batches/images_in_step.ts";
import type { TrainConfig } from "../../options/config.ts";
import type { StepMetrics } from "../../run/events.ts";
import { isBetter } from "../score.ts";
import type { FoundScores } from "../run_scorer.ts";
import type { Judgment, JudgmentKind } from "./judgment.ts";
import { LATE } from "./verdict.ts";

/** Passes over the data without which a run is not expected to show much. */
const FEWEST_PASSES = 2;

/** Steps without which a run is not expected to show much. */
const FEWEST_STEPS = 400;

/** Pictures without which a run is not expected to do more than copy them. */
const FEWEST_PICTURES = 500;

/**
 * D(x) - D(G(z)) above which the discriminator leaves the generator nothing to learn from, in the mean over a
 * while.
 */
const WON = 0.98;

/** Steps of that mean. */
const WHILE = 300;

/**
 * Steps at the start in which the discriminator may win and samples may be alike: the generator has shown
 * nothing yet.
 */
const GRACE = 500;

/** Deviation of samples, over that of the data, below which they are alike. */
const ALIKE = 0.35;

/** Deviation that samples have reached before they can be said to have collapsed. */
const VARIED = 0.5;

/** Deviation from which on a fall to a quarter of it is a collapse, too. */
const VARIED_A_LITTLE = 0.25;

/**
 * Distance of samples to the nearest picture of the data, over the data's own, below which they are copies.
 */
const COPIED = 0.5;

/** Change of samples between two scores, in levels of 0 to 255, below which the generator learns nothing. */
const STILL = 1;

/** Adam's learning rate in the paper. */
const USUAL_RATE = 2e-4;

/** Scores in a row without a better one that mean no progress. */
const FLAT = 8;

/** What a judge needs to know of a run. */
type JudgedConfig =
  & Pick<
    TrainConfig,
    "steps" | "batch" | "loss" | "scoreBy" | "learningRate" | "dLearningRate"
  >
  & Partial<Pick<TrainConfig, "dSteps">>;

/** Watches a run, and says once what is wrong with it. */
export class Judge {
  #config: JudgedConfig;
  readonly #told = new Set<JudgmentKind>();
  readonly #gaps = new Float64Array(WHILE);
  #sum = 0;
  #count = 0;
  #best: { readonly step: number; readonly value: number } | undefined;
  #since = 0;
  #isWon = false;
  #mostVaried = 0;

  /** Of a run. */
  constructor(config: JudgedConfig) {
    this.#config = config;
  }

  /** Scores in a row that were no better than the best before them. */
  get flatFor(): number {
    return this.#since;
  }

  /** Whether something of a kind was said. */
  hasTold(kind: JudgmentKind): boolean {
    return this.#told.has(kind);
  }

  /** Before the first step: whether the run can come to anything. */
  begin(images: number): Judgment[] {
    const { steps } = this.#config;
    const each = imagesInStep(this.#config);
    const passes = steps * each / images;
    return [
      ...steps < FEWEST_STEPS && passes < FEWEST_PASSES
        ? this.#once(
          "too-few-steps",
          `${steps} ${steps === 1 ? "step" : "steps"} of ${each} images ${
            steps === 1 ? "is" : "are"
          } too few to expect more than blurs: try --steps 2000 or more`,
        )
        : [],
      ...images < FEWEST_PICTURES
        ? this.#once(
          "too-few-pictures",
          `${images} images are few: the samples may become copies of them. More images help most; --flip doubles them, and ` +
            "--preset few, in a new run, changes them at random",
        )
        : [],
    ];
  }

  /** After each step. */
  step({ step, dReal, dFake }: StepMetrics): Judgment[] {
    const place = this.#count++ % WHILE;
    this.#sum += dReal - dFake - this.#gaps[place]!;
    this.#gaps[place] = dReal - dFake;
    // A critic's logits have no bounds: large ones look like sure probabilities, but their gradients do not
    // fade
    if (this.#config.loss === "wasserstein") return [];
    this.#isWon = this.#count >= WHILE && step > GRACE && this.#sum / WHILE > WON;
    if (!this.#isWon) return [];
    if (this.#config.loss === "minimax") {
      return this.#once(
        "vanished-gradients",
        `The generator's gradients have vanished: D(x) - D(G(z)) was ${
          (this.#sum / WHILE).toFixed(3)
        } over ${WHILE} ` +
          "steps, and the minimax loss is flat there. Use --loss non-saturating",
      );
    }
    return this.#once(
      "discriminator-wins",
      `The discriminator wins: D(x) - D(G(z)) was ${
        (this.#sum / WHILE).toFixed(3)
      } over ${WHILE} steps, so the ` +
        `generator learns little.${this.#bestText()} Try ${this.#slower()}, or a smaller --ndf`,
    );
  }

  /** After each score. */
  score({ step, scores, change }: FoundScores): Judgment[] {
    const { scoreBy } = this.#config;
    const found = scores[scoreBy]?.value;
    const isBest = found !== undefined &&
      (this.#best === undefined || isBetter(scoreBy, found, this.#best.value));
    const judgments = [
      ...this.#alike(step, scores.deviation?.value),
      // The mean of all images is near to each of them: only samples that vary can be copies
      ...below(scores.nearest?.value, COPIED) && !below(scores.deviation?.value, VARIED)
        ? this.#once(
          "memorized",
          `The samples of step ${step} are near copies of the data: their distance to the nearest image is ` +
            `${
              percent(scores.nearest!.value)
            } of that between images of the data. More images help most; --flip and, in a new run, --preset few help`,
        )
        : [],
      ...this.#isWon && below(change, STILL)
        ? this.#once(
          "vanished-gradients",
          `The samples stand still: since the last score they changed by ${
            change!.toFixed(2)
          } levels of 255, as the ` +
            `discriminator wins.${this.#bestText()} Try ${this.#slower()}`,
        )
        : [],
    ];
    this.#since = isBest ? 0 : this.#since + 1;
    if (isBest) this.#best = { step, value: found };
    if (this.#since < FLAT) return judgments;
    return [
      ...judgments,
      ...this.#once(
        "no-progress",
        `No progress: the last ${FLAT} scores are no better than that of step ${
          this.#best!.step
        }. More steps will ` +
          "hardly help; --stop-when-flat ends such a run",
      ),
    ];
  }

  #alike(step: number, deviation: number | undefined): Judgment[] {
    if (deviation === undefined) return [];
    this.#mostVaried = Math.max(this.#mostVaried, deviation);
    const hasCollapsed = this.#mostVaried >= VARIED ||
      this.#mostVaried >= VARIED_A_LITTLE && deviation < this.#mostVaried / 4;
    if (deviation >= ALIKE || step <= (hasCollapsed ? GRACE : LATE)) return [];
    const what = hasCollapsed
      ? `The generator has collapsed: the samples of step ${step} vary ${
        percent(deviation)
      } as much as the data.`
      : `After ${step} steps the samples still vary only ${percent(deviation)} as much as the data.`;
    return this.#once("samples-alike", `${what}${this.#bestText()} Try ${this.#slower()}, or another --seed`);
  }

  /** Takes over the scores of a resumed run. */
  recall(scored: readonly { readonly step: number; readonly scores: FoundScores["scores"] }[]): void {
    for (const { step, scores } of scored) {
      this.#mostVaried = Math.max(this.#mostVaried, scores.deviation?.value ?? 0);
      const value = scores[this.#config.scoreBy]?.value;
      if (value === undefined) continue;
      const isBest = this.#best === undefined || isBetter(this.#config.scoreBy, value, this.#best.value);
      this.#since = isBest ? 0 : this.#since + 1;
      if (isBest) this.#best = { step, value };
    }
  }

  /**
   * Forgets what it saw, but not what it said, and takes over the scores up to the step that the run went
   * back to.
   */
  goBack(
    config: JudgedConfig,
    scored: readonly { readonly step: number; readonly scores: FoundScores["scores"] }[],
  ): void {
    this.#config = config;
    this.#gaps.fill(0);
    this.#sum = this.#count = this.#since = 0;
    this.#best = undefined;
    this.#isWon = false;
    this.#mostVaried = 0;
    this.recall(scored);
  }

  #bestText(): string {
    return this.#best ? ` The best checkpoint, of step ${this.#best.step}, is kept.` : "";
  }

  #slower(): string {
    return rateFlags(this.#config, (rate) => rate > 2 * USUAL_RATE ? USUAL_RATE : rate / 2);
  }

  #once(kind: JudgmentKind, message: string): Judgment[] {
    if (this.#told.has(kind)) return [];
    this.#told.add(kind);
    return [{ kind, message }];
  }
}

function below(value: number | undefined, limit: number): boolean {
  return value !== undefined && value < limit;
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

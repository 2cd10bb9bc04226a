import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";
import type { CurvePoint } from "../news.ts";
import { CurveChart } from "./curve_chart.ts";

/** The curves of a run, as it trains. */
export class Curves {
  /** Both charts. */
  readonly element: HTMLElement;
  #losses: CurveChart;
  #verdicts: CurveChart;

  /** Empty charts. */
  constructor({ train: { curves: words } }: StudioText) {
    this.#losses = new CurveChart(words.losses, [
      { label: words.generatorLoss, color: "--generator" },
      { label: words.discriminatorLoss, color: "--discriminator", dash: [6, 3] },
    ]);
    this.#verdicts = new CurveChart(words.verdicts, [
      { label: words.real, color: "--real" },
      { label: words.fake, color: "--fake", dash: [6, 3] },
    ], [0, 1]);
    this.element = element(
      "section",
      { class: "card curves", "aria-label": words.title },
      this.#losses.element,
      this.#verdicts.element,
    );
  }

  /** Adds the numbers of a step. */
  add({ step, generatorLoss, discriminatorLossReal, discriminatorLossFake, dReal, dFake }: CurvePoint): void {
    this.#losses.add(step, [generatorLoss, discriminatorLossReal + discriminatorLossFake]);
    this.#verdicts.add(step, [dReal, dFake]);
  }

  /** Forgets all numbers. */
  clear(): void {
    this.#losses.clear();
    this.#verdicts.clear();
  }
}

import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";
import { insideCard } from "./card.ts";
import { type LookedAt, signed } from "./looked_at.ts";

/** Logits that the axis spans at least: points are not torn apart by mere rounding. */
const LEAST = 0.1;

/** What the discriminator says: each picture at its logit, on a line. */
export class JudgedCard {
  /** The card. */
  readonly element: HTMLElement;
  #text: StudioText;
  #lines = element("div", { class: "logit-lines" });

  /** Empty so far. */
  constructor(text: StudioText) {
    this.#text = text;
    this.element = insideCard(text.inside.judged, "judged", this.#lines);
  }

  /** Shows the logits of pictures. */
  show(all: readonly LookedAt[], logits: Float32Array): void {
    const { judged: words } = this.#text.inside;
    const end = Math.max(LEAST, ...logits.map(Math.abs)) * 1.1;
    const line = (name: string, kind: string, chosen: readonly number[]) => {
      const mean = chosen.reduce((sum, at) => sum + logits[at]!, 0) / chosen.length;
      return element(
        "div",
        { class: `logit-line ${kind}` },
        element("p", { class: "small" }, `${name}, ${words.mean(signed(mean))}`),
        element(
          "ul",
          { class: "logit-axis" },
          ...chosen.map((at) => this.#point(all[at]!.name, logits[at]!, end)),
        ),
      );
    };
    const places = [...all.keys()];
    const samples = places.filter((at) => all[at]!.sample);
    const own = places.filter((at) => !all[at]!.sample);
    this.#lines.replaceChildren(
      line(words.samples, "fake", samples),
      ...(own.length === 0 ? [] : [line(words.yours, "real", own)]),
      element(
        "div",
        { class: "logit-ends small soft number", "aria-hidden": "true" },
        element("span", {}, `${signed(-end)}, ${words.fake}`),
        element("span", {}, "0"),
        element("span", {}, `${words.real}, ${signed(end)}`),
      ),
    );
  }

  #point(name: string, logit: number, end: number): HTMLElement {
    const { judged: words } = this.#text.inside;
    const percent = `${(100 / (1 + Math.exp(-logit))).toFixed(0)}%`;
    const said = words.point(name, signed(logit), percent);
    const point = element("li", { title: said, "aria-label": said });
    point.style.left = `${50 + 50 * logit / end}%`;
    return point;
  }
}

import type { StudioContext } from "../../context.ts";
import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import type { Pictures } from "../../engine/model.ts";
import type { LayerChange, StepChange } from "../views.ts";
import { insideCard } from "./card.ts";
import { differenceOf } from "./difference.ts";
import { signed } from "./looked_at.ts";

/** A network that does a step. */
type Learner = "generator" | "discriminator";

/** What one training step of one network changes. */
export class StepCard {
  /** The card. */
  readonly element: HTMLElement;
  #context: StudioContext;
  #buttons: HTMLButtonElement[];
  #needs: HTMLElement;
  #pauses: HTMLElement;
  #result = element("div", { class: "step-result" });

  /** @param attempt Does something, and shows what goes wrong. */
  constructor(context: StudioContext, attempt: (task: () => Promise<void>) => Promise<void>) {
    this.#context = context;
    const { step: words } = context.text.inside;
    this.#buttons = (["discriminator", "generator"] as const).map((of) =>
      element("button", { type: "button", click: () => void attempt(() => this.#step(of)) }, words[of])
    );
    this.#needs = element(
      "div",
      { class: "step-needs" },
      element("p", { class: "soft" }, words.needs),
      element("button", { type: "button", click: () => context.show("train") }, words.train),
    );
    this.#pauses = element("p", { class: "soft small" }, words.pauses);
    this.element = insideCard(
      words,
      "step",
      element("div", { class: "row" }, ...this.#buttons),
      this.#pauses,
      this.#needs,
      this.#result,
    );
  }

  /** Whether the model that trains in this tab is looked at, so that it can learn. */
  set canLearn(canLearn: boolean) {
    for (const button of this.#buttons) button.hidden = !canLearn;
    this.#needs.hidden = canLearn;
    this.#pauses.hidden = !canLearn;
    if (!canLearn) this.#result.replaceChildren();
  }

  async #step(of: Learner): Promise<void> {
    const { engine, text: { inside }, say } = this.#context;
    const { step: words } = inside;
    say(words.working);
    for (const button of this.#buttons) button.disabled = true;
    try {
      const change = await engine.call("inside.step", { of });
      this.#show(of, change);
      say(`${words.did(words.names[of])}. ${words.logits(...this.#logits(change))}`);
    } finally {
      for (const button of this.#buttons) button.disabled = false;
    }
  }

  #logits({ logits: [before, after] }: StepChange): [string, string] {
    return [signed(before), signed(after)];
  }

  #show(of: Learner, change: StepChange): void {
    const { step: words } = this.#context.text.inside;
    const { before, after } = change;
    const row = (pictures: Pictures, caption: string) => {
      const canvas = element("canvas", { class: "pictures", role: "img", "aria-label": caption });
      drawPictures(canvas, pictures, { columns: pictures.count, gap: 1 });
      return element("figure", {}, element("figcaption", { class: "small" }, caption), canvas);
    };
    const { pictures, most } = differenceOf(before, after);
    this.#result.replaceChildren(
      element("h3", {}, words.did(words.names[of])),
      element("p", {}, words.logits(...this.#logits(change))),
      ...(most === 0 ? [row(before, words.before), element("p", { class: "soft small" }, words.same)] : [
        row(before, words.before),
        row(after, words.after),
        row(pictures, words.difference),
        element("p", { class: "soft small" }, words.times(most)),
      ]),
      ...(["discriminator", "generator"] as const).map((network) => this.#table(network, change[network])),
    );
  }

  #table(network: Learner, layers: readonly LayerChange[]): HTMLElement {
    const { step: words } = this.#context.text.inside;
    const name = words.names[network];
    const most = Math.max(...layers.map(({ change }) => change));
    if (most === 0) return element("p", { class: "soft small" }, words.still(name));
    return element(
      "table",
      { class: "changes" },
      element("caption", { class: "small" }, words.changed(name)),
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          element("th", { scope: "col" }, words.layer),
          element("th", { scope: "col" }, words.moved),
        ),
      ),
      element(
        "tbody",
        {},
        ...layers.map((layer) => {
          const bar = element("span", { class: `bar ${network}`, "aria-hidden": "true" });
          bar.style.width = `${100 * layer.change / most}%`;
          const percent = `${(100 * layer.change).toPrecision(2)}%`;
          return element(
            "tr",
            {},
            element("th", { scope: "row" }, layer.name),
            element(
              "td",
              {},
              element("span", { class: "number" }, percent),
              element("span", { class: "bar-box" }, bar),
            ),
          );
        }),
      ),
    );
  }
}

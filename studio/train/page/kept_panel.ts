import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";
import type { KeptRun, KeptRuns } from "../news.ts";

/** What can be done with a run that the browser keeps. */
export interface KeptChoices {
  open(run: KeptRun): void;
  save(run: KeptRun): void;
  delete(run: KeptRun): void;
}

/** The runs that the browser keeps, or that it keeps none. */
export class KeptPanel {
  /** The panel; hidden as long as there is nothing to say. */
  readonly element: HTMLElement;
  #text: StudioText;
  #choices: KeptChoices;

  /** Empty so far. */
  constructor(text: StudioText, choices: KeptChoices) {
    this.#text = text;
    this.#choices = choices;
    this.element = element("section", { class: "kept", "aria-label": text.train.kept.title, hidden: true });
  }

  /** Shows what there is. */
  show(runs: KeptRuns): void {
    const { kept: words } = this.#text.train;
    this.element.hidden = runs?.length === 0;
    this.element.classList.toggle("card", runs !== undefined);
    this.element.replaceChildren(
      ...(runs === undefined ? [element("p", { class: "soft small" }, words.inMemory)] : [
        element("h2", {}, words.title),
        element("ul", {}, ...runs.map((run) => this.#item(run))),
        element("p", { class: "soft small" }, words.hint),
      ]),
    );
  }

  #item(run: KeptRun): HTMLElement {
    const { kept: words, run: { step } } = this.#text.train;
    const { name, state, bytes, written } = run;
    const facts = [
      ...(run.step > 0 ? [step(run.step, run.steps)] : []),
      words.size(bytes),
      new Date(written).toLocaleString(this.#text.language, { dateStyle: "medium", timeStyle: "short" }),
      ...(state === "running" || state === "damaged" ? [words[state]] : run.step === 0 ? [words.empty] : []),
    ];
    const canOpen = run.step > 0 && (state === "stopped" || state === "finished");
    const button = (text: string, does: (run: KeptRun) => void) =>
      element("button", { type: "button", "aria-label": words.of(text, name), click: () => does(run) }, text);
    const { open, save, delete: remove } = this.#choices;
    return element(
      "li",
      {},
      element("div", {}, element("b", {}, name), element("p", { class: "soft small" }, facts.join(" · "))),
      element(
        "div",
        { class: "row" },
        ...(canOpen ? [button(state === "finished" ? words.open : words.goOn, open)] : []),
        ...(canOpen ? [button(words.save, save)] : []),
        ...(state === "running" ? [] : [button(words.delete, remove)]),
      ),
    );
  }
}

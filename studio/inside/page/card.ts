import { element } from "../../page/element.ts";
import { formula, type FormulaName } from "./formulas.ts";

/** The words of a card: a title, one paragraph, and its formula. */
export interface CardWords {
  readonly title: string;
  /** The formula as screen readers read it. */
  readonly formulaWords: string;
  readonly paragraph: string;
}

/** A card of the view, with its formula and a plain paragraph beside what it shows. */
export function insideCard(words: CardWords, name: FormulaName, ...content: Node[]): HTMLElement {
  return element(
    "section",
    { class: `card panel inside-card ${name}-card`, "aria-label": words.title },
    element(
      "div",
      { class: "explains" },
      element("h2", {}, words.title),
      element("div", { class: "formula" }, formula(name, words.formulaWords)),
      element("p", { class: "soft" }, words.paragraph),
    ),
    element("div", { class: "shows" }, ...content),
  );
}

import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";

/** How much a notice matters. */
type Weight = "warning" | "error" | "good";

/** What the user should know of a run: problems, in words, newest first. */
export class Notices {
  /** The list; hidden as long as it is empty. */
  readonly element: HTMLElement;
  #text: StudioText;

  /** An empty list. */
  constructor(text: StudioText) {
    this.#text = text;
    // Screen readers read what is added
    this.element = element("section", {
      class: "notices",
      role: "log",
      "aria-label": text.train.notices.title,
    });
  }

  /**
   * Adds a notice. One that says the same as the newest is left out.
   *
   * @param details What the library says, which names the command line's flags.
   */
  add(weight: Weight, message: string, { step, details }: { step?: number; details?: string } = {}): void {
    const { notices } = this.#text.train;
    if ((this.element.firstElementChild as HTMLElement | null)?.dataset.message === message) return;
    const notice = element(
      "div",
      { class: `notice ${weight}`, "data-message": message },
      element(
        "p",
        {},
        ...(step === undefined || step === 0 ? [] : [element("b", {}, `${notices.atStep(step)}. `)]),
        message,
      ),
      ...(details === undefined || details === message ? [] : [
        element(
          "details",
          { class: "small" },
          element("summary", {}, notices.details),
          element("p", {}, details),
        ),
      ]),
    );
    this.element.prepend(notice);
  }

  /** Forgets all. */
  clear(): void {
    this.element.replaceChildren();
  }
}

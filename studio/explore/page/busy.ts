import type { StudioContext } from "../../context.ts";
import { element } from "../../page/element.ts";

/** How far something is. */
export interface Progress {
  readonly done: number;
  readonly of: number;
}

/** A progress bar with a button that stops the work; it is there while something runs. */
export class Busy {
  /** The bar and the button. */
  readonly element: HTMLElement;
  #bar = element("progress", {});
  #words = element("span", { class: "small number" });

  /**
   * Hears the worker's event.
   *
   * @param words What is done, in words.
   */
  constructor({ engine, text }: StudioContext, event: string, words: (done: number, of: number) => string) {
    const { explore } = text;
    const stop = () => void engine.call("explore.stop", undefined);
    this.element = element(
      "div",
      { class: "busy", hidden: true },
      this.#bar,
      this.#words,
      element("button", { type: "button", click: stop }, explore.stop),
    );
    this.#bar.setAttribute("aria-label", explore.busy);
    engine.on<Progress>(event, ({ done, of }) => {
      this.#bar.max = of;
      this.#bar.value = done;
      this.#words.textContent = words(done, of);
    });
  }

  /** Shows the bar while a task runs. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    this.#bar.removeAttribute("value");
    this.#words.textContent = "";
    this.element.hidden = false;
    try {
      return await task();
    } finally {
      this.element.hidden = true;
    }
  }
}

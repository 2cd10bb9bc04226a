import type { Pictures } from "../../engine/model.ts";
import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";

/** The latest samples, large. */
export class SamplesPanel {
  /** The panel. */
  readonly element: HTMLElement;
  #text: StudioText;
  #canvas = element("canvas", { class: "pictures", role: "img", hidden: true });
  #caption = element("p", { class: "soft small" });

  /** Without samples so far. */
  constructor(text: StudioText) {
    const { samples } = text.train;
    this.#text = text;
    this.element = element(
      "section",
      { class: "card samples", "aria-label": samples.title },
      this.#canvas,
      this.#caption,
    );
    this.clear();
  }

  /** Shows samples of a step. */
  show(pictures: Pictures, step: number): void {
    const caption = this.#text.train.samples.caption(pictures.count, step);
    drawPictures(this.#canvas, pictures, { gap: 1 });
    this.#canvas.hidden = false;
    this.#canvas.setAttribute("aria-label", caption);
    this.#caption.textContent = caption;
  }

  /** Shows that there are none. */
  clear(): void {
    this.#canvas.hidden = true;
    this.#caption.textContent = this.#text.train.samples.none;
  }
}

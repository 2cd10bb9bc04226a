import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";
import { checkField } from "../../train/page/field.ts";
import type { SourceFacts } from "../../explore/source/facts.ts";
import type { Looks } from "../views.ts";
import { insideCard } from "./card.ts";
import { drawHeat } from "./heat.ts";
import { type LookedAt, signed } from "./looked_at.ts";

/** What the discriminator looks at: each picture above its heat map. */
export class LooksCard {
  /** The card. */
  readonly element: HTMLElement;
  #text: StudioText;
  #guided = element("input", { type: "checkbox" });
  #guidedField: HTMLElement;
  #missing: HTMLElement;
  #list = element("div", { class: "look-list" });

  /** @param changed Called when the variant is another one. */
  constructor(text: StudioText, changed: () => void) {
    this.#text = text;
    const { looks: words } = text.inside;
    this.#guided.addEventListener("change", changed);
    this.#guidedField = checkField(words.guided, this.#guided);
    this.#guidedField.title = words.guidedHint;
    this.#missing = element("p", { class: "soft small", hidden: true }, words.guidedMissing);
    this.element = insideCard(words, "looks", this.#guidedField, this.#missing, this.#list);
  }

  /** Whether only what raises the logit on all of the way counts. */
  get isGuided(): boolean {
    return this.#guided.checked;
  }

  /** Begins anew, for other networks. */
  reset({ classes }: SourceFacts): void {
    const isConditional = classes !== undefined;
    if (isConditional) this.#guided.checked = false;
    this.#guidedField.hidden = isConditional;
    this.#missing.hidden = !isConditional;
    this.#list.replaceChildren();
  }

  /** Shows what was found. */
  show(all: readonly LookedAt[], { logits, heat }: Looks): void {
    const { looks: words } = this.#text.inside;
    const pixels = heat.length / all.length;
    this.#list.replaceChildren(
      ...all.map(({ name, picture }, at) => {
        const shown = element("canvas", { class: "pictures", role: "img", "aria-label": name });
        drawPictures(shown, picture);
        const hot = element("canvas", { class: "pictures", role: "img", "aria-label": words.heat(name) });
        drawHeat(hot, heat.subarray(at * pixels, (at + 1) * pixels), picture);
        return element(
          "figure",
          {},
          shown,
          hot,
          element("figcaption", { class: "small number" }, words.logit(signed(logits[at]!))),
        );
      }),
    );
  }
}

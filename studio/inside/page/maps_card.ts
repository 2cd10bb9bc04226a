import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";
import type { LayerMaps } from "../views.ts";
import { insideCard } from "./card.ts";

/** Pixels that the wider side of a map is shown with, about. */
const SIDE = 56;

/** The maps of both networks, layer by layer. */
export class MapsCard {
  /** The card. */
  readonly element: HTMLElement;
  #text: StudioText;
  #generator = element("div", { class: "layers" });
  #discriminator = element("div", { class: "layers" });
  #own: HTMLElement;
  #discriminatorPart: HTMLElement;

  /** Empty so far. */
  constructor(text: StudioText) {
    this.#text = text;
    const { maps: words } = text.inside;
    this.#own = element("p", { class: "soft small", hidden: true }, words.own);
    this.#discriminatorPart = element("div", {}, element("h3", {}, words.discriminator), this.#discriminator);
    this.element = insideCard(
      words,
      "maps",
      element("div", {}, element("h3", {}, words.generator), this.#own, this.#generator),
      this.#discriminatorPart,
    );
  }

  /** Shows the maps of one picture; those of the generator are unknown of a picture of the user's. */
  show(generator: readonly LayerMaps[] | undefined, discriminator: readonly LayerMaps[] | undefined): void {
    const { maps: words } = this.#text.inside;
    this.#own.hidden = generator !== undefined;
    this.#generator.replaceChildren(
      ...(generator ?? []).map((layer, at, { length }) =>
        this.#layer(layer, at, at === length - 1 ? words.picture : undefined)
      ),
    );
    this.#discriminatorPart.hidden = discriminator === undefined;
    this.#discriminator.replaceChildren(...(discriminator ?? []).map((layer, at) => this.#layer(layer, at)));
  }

  #layer({ layers, channels, maps, flat }: LayerMaps, at: number, more?: string): HTMLElement {
    const { maps: words } = this.#text.inside;
    const { count, width, height } = maps;
    const title = words.layer(at + 1, width, height, channels);
    const canvas = element("canvas", { class: "pictures", role: "img", "aria-label": title });
    const columns = Math.min(count, 16);
    drawPictures(canvas, maps, { columns, gap: Math.max(1, Math.round(width / 16)) });
    // Small maps are not made so large that they fill the card
    canvas.style.maxWidth = `${columns * Math.max(SIDE, Math.min(width, 2 * SIDE))}px`;
    const notes = [
      ...(count < channels ? [words.shown(count)] : []),
      ...(flat > 0 ? [words.flat(flat)] : []),
      ...(more === undefined ? [] : [more]),
    ];
    return element(
      "figure",
      {},
      element("figcaption", { class: "small" }, element("strong", {}, title), ` ${layers}`),
      canvas,
      ...(notes.length === 0 ? [] : [element("p", { class: "soft small" }, notes.join(" "))]),
    );
  }
}

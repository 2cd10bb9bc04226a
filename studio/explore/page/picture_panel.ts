import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import { field } from "../../train/page/field.ts";
import { download } from "../../train/page/save_panel.ts";
import type { Desk, Panel } from "./desk.ts";
import { Latest } from "./latest.ts";
import { inARow, type Sample, samplesIn } from "./sample.ts";

/** Sliders that are there at first, and that a press of the button adds. */
const SOME = 6;

/** How far sliders go to either side, in standard deviations of the latents. */
const RANGE = 4;

/** A slider, and where it goes along. */
interface Slider {
  readonly vector: Float32Array;
  readonly input: HTMLInputElement;
  readonly element: HTMLElement;
}

/** The picture that is worked with, large, and the sliders that change it. */
export class PicturePanel implements Panel {
  /** The panel. */
  readonly element: HTMLElement;
  #desk: Desk;
  #canvas = element("canvas", { class: "pictures", role: "img" });
  #name = element("p", { class: "soft small" });
  #sliders: Slider[] = [];
  #list = element("div", { class: "sliders" });
  #own = element("div", { class: "sliders" });
  #more: HTMLButtonElement;
  #note = element("p", { class: "soft small", hidden: true });
  #label = element("select", {});
  #labelField: HTMLElement;
  #directions: readonly Float32Array[] = [];
  #base: Sample | undefined;
  #latest = new Latest();
  /** The picture as the sliders have it. */
  shown: Sample | undefined;

  /** Empty so far. */
  constructor(desk: Desk) {
    this.#desk = desk;
    const { picture: words } = desk.context.text.explore;
    const button = (text: string, click: () => void) => element("button", { type: "button", click }, text);
    this.#more = button(words.more, () => this.#addDirections());
    this.#label.addEventListener("change", () => this.#redraw());
    this.#labelField = field(words.label, this.#label);
    this.element = element(
      "section",
      { class: "card panel picture-panel", "aria-label": words.title },
      element("h2", {}, words.title),
      element("div", { class: "picture-large" }, this.#canvas, this.#name),
      this.#labelField,
      element("p", { class: "soft small" }, words.hint),
      this.#note,
      this.#own,
      this.#list,
      element("div", { class: "row" }, this.#more, button(words.reset, () => this.#putBack())),
      element(
        "div",
        { class: "row" },
        button(words.neighbors, () => void desk.attempt(() => this.#showNeighbors())),
        button(words.savePng, () => void desk.attempt(() => this.#savePng())),
        button(words.saveLatent, () => void desk.attempt(() => this.#saveLatent())),
      ),
    );
  }

  /** Works with a picture. Sliders begin in the middle. */
  set picture(sample: Sample) {
    this.#base = sample;
    for (const { input } of this.#sliders) this.#set(input, 0);
    if (sample.label !== undefined) this.#label.value = String(sample.label);
    this.#show(sample);
  }

  /** Draws the picture anew, as the generator draws it now. */
  redraw(): void {
    this.#redraw();
  }

  /** @inheritdoc */
  reset(): void {
    const { facts: { classes, latent }, context: { text: { explore } } } = this.#desk;
    this.#sliders = [];
    this.#directions = [];
    this.#list.replaceChildren();
    this.#own.replaceChildren();
    this.#base = this.shown = undefined;
    this.#labelField.hidden = classes === undefined;
    this.#label.replaceChildren(
      ...(classes ?? []).map((name, at) => element("option", { value: at }, name)),
    );
    this.#note.hidden = latent <= 2048;
    this.#note.textContent = explore.picture.long;
    this.#more.hidden = latent > 2048;
    if (latent > 2048) return;
    void this.#desk.attempt(async () => {
      this.#directions = await this.#desk.context.engine.call("explore.directions", undefined);
      this.#addDirections();
    });
  }

  /** Adds a slider of a direction that was made on the page. */
  addDirection(vector: Float32Array): void {
    const { picture: words } = this.#desk.context.text.explore;
    const slider = this.#slider(words.difference, vector);
    this.#sliders = this.#sliders.filter(({ element }) => element.parentElement !== this.#own);
    this.#own.replaceChildren(slider.element);
    this.#sliders.push(slider);
  }

  #addDirections(): void {
    const { picture: words } = this.#desk.context.text.explore;
    const first = this.#list.childElementCount;
    const added = this.#directions.slice(first, first + SOME).map((vector, at) =>
      this.#slider(words.direction(first + at + 1), vector)
    );
    this.#sliders.push(...added);
    this.#list.append(...added.map(({ element }) => element));
    this.#more.hidden = first + added.length >= this.#directions.length;
  }

  #slider(name: string, vector: Float32Array): Slider {
    const value = element("output", { class: "number" }, "0");
    const input = element("input", { type: "range", min: -RANGE, max: RANGE, step: 0.1, value: 0 });
    input.addEventListener("input", () => {
      this.#set(input, Number(input.value));
      this.#redraw();
    });
    const line = element("label", { class: "slider" }, element("span", {}, name), input, value);
    this.#set(input, 0, value);
    return { vector, input, element: line };
  }

  #set(input: HTMLInputElement, sigmas: number, output = input.nextElementSibling): void {
    const { picture: words } = this.#desk.context.text.explore;
    input.value = String(sigmas);
    const text = sigmas > 0 ? `+${sigmas.toFixed(1)}` : sigmas.toFixed(1).replace("-", "−");
    input.setAttribute("aria-valuetext", words.sigmas(text));
    if (output) output.textContent = text;
  }

  #putBack(): void {
    for (const { input } of this.#sliders) this.#set(input, 0);
    this.#redraw();
  }

  #redraw(): void {
    this.#latest.run(() =>
      this.#desk.attempt(async () => {
        const base = this.#base;
        if (!base) return;
        const moves = this.#sliders
          .map(({ vector, input }) => ({ vector, sigmas: Number(input.value) }))
          .filter(({ sigmas }) => sigmas !== 0);
        const label = base.label === undefined ? undefined : Number(this.#label.value);
        const drawn = await this.#desk.context.engine.call("explore.move", {
          latent: base.latent,
          label,
          moves,
        });
        if (base === this.#base) this.#show(samplesIn(drawn, () => base.name)[0]!);
      })
    );
  }

  #show(sample: Sample): void {
    const { picture: words } = this.#desk.context.text.explore;
    this.shown = sample;
    drawPictures(this.#canvas, sample.picture);
    this.#canvas.setAttribute("aria-label", words.name(sample.name));
    this.#name.textContent = sample.name;
  }

  async #showNeighbors(): Promise<void> {
    const { shown } = this;
    if (!shown) return;
    const { engine, text: { explore: { sheet } } } = this.#desk.context;
    const { latent, label, name } = shown;
    const drawn = await engine.call("explore.neighbors", { latent, label, seed: 1 });
    const nameOf = (at: number) => at === 4 ? name : sheet.neighbor(name, at < 4 ? at + 1 : at);
    this.#desk.show(samplesIn(drawn, nameOf), sheet.neighbors(name));
  }

  async #savePng(): Promise<void> {
    if (!this.shown) return;
    const { engine, text: { explore: { sheet } }, say } = this.#desk.context;
    const png = await engine.call("explore.png", {
      drawn: inARow([this.shown]),
      columns: 1,
      what: sheet.what(1),
    });
    download("picture.png", png, "image/png");
    say(sheet.saved("picture.png"));
  }

  async #saveLatent(): Promise<void> {
    if (!this.shown) return;
    const { engine, text: { explore: { sheet } }, say } = this.#desk.context;
    const npy = await engine.call("explore.latents", { latents: this.shown.latent });
    download("latent.npy", npy, "application/octet-stream");
    say(sheet.saved("latent.npy"));
  }
}

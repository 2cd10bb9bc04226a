import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import { field } from "../../train/page/field.ts";
import type { Pictures } from "../../engine/model.ts";
import { SEARCHING } from "../events.ts";
import { Busy } from "./busy.ts";
import type { Desk, Panel } from "./desk.ts";
import { type Sample, samplesIn } from "./sample.ts";
import { tile } from "./tile.ts";

/** Decibels from which on pictures look alike, and from which on they can hardly be told apart. */
const NEAR = { like: 20, same: 30 } as const;

/** The nearest picture of a photo. */
export class PhotoPanel implements Panel {
  /** The panel. */
  readonly element: HTMLElement;
  #desk: Desk;
  #yours = element("canvas", { class: "pictures", role: "img" });
  #found = element("div", { class: "photo-found" });
  #near = element("p", { class: "small" });
  #steps = element("input", { type: "number", min: 1, max: 10_000, step: 1, value: 300 });
  #find: HTMLButtonElement;
  #use: HTMLButtonElement;
  #both: HTMLElement;
  #busy: Busy;
  #photo: Pictures | undefined;
  #sample: Sample | undefined;

  /** Empty so far. */
  constructor(desk: Desk) {
    this.#desk = desk;
    const { photo: words } = desk.context.text.explore;
    this.#yours.setAttribute("aria-label", words.yours);
    const picker = element("input", {
      type: "file",
      accept: "image/*",
      class: "visually-hidden",
      tabindex: -1,
      "aria-hidden": "true",
      change: () => {
        const [file] = picker.files ?? [];
        picker.value = "";
        if (file) this.take(file);
      },
    });
    const button = (text: string, click: () => void) => element("button", { type: "button", click }, text);
    this.#find = button(words.find, () => void desk.attempt(() => this.#search()));
    this.#use = button(words.use, () => this.#sample && desk.choose(this.#sample));
    this.#busy = new Busy(desk.context, SEARCHING, words.searching);
    this.#both = element(
      "div",
      { class: "photo-both" },
      element("figure", {}, this.#yours, element("figcaption", { class: "soft small" }, words.yours)),
      element(
        "figure",
        {},
        this.#found,
        element("figcaption", { class: "soft small" }, words.found, this.#near),
      ),
    );
    this.element = element(
      "section",
      { class: "card panel photo-panel", "aria-label": words.title },
      element("h2", {}, words.title),
      element("p", { class: "soft small" }, words.hint),
      element(
        "div",
        { class: "controls" },
        button(words.choose, () => picker.click()),
        field(words.steps, this.#steps),
        this.#find,
      ),
      this.#both,
      this.#busy.element,
      element("div", { class: "row" }, this.#use),
      picker,
    );
    this.reset();
  }

  /** Looks for a photo. */
  take(file: File): void {
    void this.#desk.attempt(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const photo = await this.#desk.context.engine.call("explore.photo", { file: bytes });
      this.reset();
      this.#photo = photo;
      drawPictures(this.#yours, photo);
      this.#both.hidden = false;
      this.#find.disabled = false;
      await this.#search();
    });
  }

  /** @inheritdoc */
  reset(): void {
    this.#photo = this.#sample = undefined;
    this.#both.hidden = true;
    this.#find.disabled = true;
    this.#use.hidden = true;
    this.#found.replaceChildren();
    this.#near.textContent = "";
  }

  async #search(): Promise<void> {
    const photo = this.#photo;
    if (!photo) return;
    const { engine, text: { explore }, say } = this.#desk.context;
    const steps = Math.max(1, Math.floor(Number(this.#steps.value) || 300));
    this.#find.disabled = true;
    try {
      const { drawn, psnr } = await this.#busy.during(() => engine.call("explore.search", { photo, steps }));
      const { photo: words } = explore;
      const [sample] = samplesIn(drawn, () => words.name);
      this.#sample = sample!;
      this.#found.replaceChildren(tile(() => sample!, words.found, () => this.#desk.choose(sample!)));
      const { scale } = words;
      const how = psnr < NEAR.like ? scale.far : psnr < NEAR.same ? scale.like : scale.same;
      this.#near.textContent = `${words.near(psnr.toFixed(1))}: ${how}`;
      this.#use.hidden = false;
      say(`${words.found}: ${this.#near.textContent}`);
    } finally {
      this.#find.disabled = false;
    }
  }
}

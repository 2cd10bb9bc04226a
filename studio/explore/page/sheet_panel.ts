import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import { field } from "../../train/page/field.ts";
import { download } from "../../train/page/save_panel.ts";
import type { Desk, Panel } from "./desk.ts";
import { inARow, type Sample, samplesIn } from "./sample.ts";
import { tile } from "./tile.ts";

/** Samples that are shown at once. */
const COUNT = 24;

/** Samples side by side in a saved picture. */
const COLUMNS = 6;

/** Seeds that there are. */
const SEEDS = 2 ** 32;

/** Samples to choose from. */
export class SheetPanel implements Panel {
  /** The panel. */
  readonly element: HTMLElement;
  /** What is shown. */
  samples: readonly Sample[] = [];
  #desk: Desk;
  #tiles = element("div", { class: "tiles" });
  #title = element("p", { class: "soft small" });
  #seed = element("input", { type: "number", min: 0, max: SEEDS - 1, step: 1, value: 1 });
  #truncation = element("input", { type: "range", min: 0, max: 1, step: 0.05, value: 1 });
  #truncationValue = element("output", { class: "number" }, "1");
  #label = element("select", {});
  #labelField: HTMLElement;
  #first = 0;

  /** Empty so far. */
  constructor(desk: Desk) {
    this.#desk = desk;
    const { sheet: words } = desk.context.text.explore;
    const draw = (first = 0) => {
      this.#first = first;
      void desk.attempt(() => this.draw());
    };
    const button = (text: string, click: () => void) => element("button", { type: "button", click }, text);
    this.#seed.addEventListener("change", () => draw());
    this.#label.addEventListener("change", () => draw());
    this.#truncation.addEventListener("input", () => {
      this.#truncationValue.textContent = this.#truncation.value;
    });
    this.#truncation.addEventListener("change", () => draw(this.#first));
    this.#labelField = field(words.label, this.#label);
    const latents = element("input", {
      type: "file",
      accept: ".npy",
      class: "visually-hidden",
      tabindex: -1,
      "aria-hidden": "true",
      change: () => {
        const [file] = latents.files ?? [];
        latents.value = "";
        if (file) void desk.attempt(() => this.openLatents(file));
      },
    });
    const random = () => {
      this.#seed.value = String(crypto.getRandomValues(new Uint32Array(1))[0]);
      draw();
    };
    this.element = element(
      "section",
      { class: "card panel sheet-panel", "aria-label": words.title },
      element("h2", {}, words.title),
      element(
        "div",
        { class: "controls" },
        field(words.seed, this.#seed),
        button(words.random, random),
        button(words.more, () => draw(this.#first + COUNT)),
        this.#labelField,
        element(
          "label",
          { class: "slider", title: words.truncationHint },
          element("span", {}, words.truncation),
          this.#truncation,
          this.#truncationValue,
        ),
      ),
      element("p", { class: "soft small" }, words.hint),
      this.#title,
      this.#tiles,
      element(
        "div",
        { class: "row" },
        button(words.savePng, () => void desk.attempt(() => this.#savePng())),
        button(words.saveLatents, () => void desk.attempt(() => this.#saveLatents())),
        button(words.openLatents, () => latents.click()),
      ),
      latents,
    );
  }

  /** Shows pictures to choose from. */
  show(samples: readonly Sample[], title: string): void {
    const { text: { explore } } = this.#desk.context;
    this.samples = samples;
    this.#title.textContent = title;
    this.#tiles.replaceChildren(
      ...samples.map(({ name }, at) => {
        const own = () => this.samples[at]!;
        return tile(own, explore.picture.name(name), () => this.#desk.choose(own()));
      }),
    );
    this.mark(this.#desk.chosen);
  }

  /** Marks the picture that is worked with, if it is here. */
  mark(chosen: Sample | undefined): void {
    for (const [at, made] of [...this.#tiles.children].entries()) {
      made.setAttribute("aria-pressed", String(this.samples[at]!.name === chosen?.name));
    }
  }

  /** Draws the samples of the seed. */
  async draw(): Promise<void> {
    const { context: { engine, text: { explore }, say }, facts } = this.#desk;
    const seed = Math.min(SEEDS - 1, Math.max(0, Math.floor(Number(this.#seed.value) || 0)));
    this.#seed.value = String(seed);
    const first = this.#first;
    const label = facts.classes && this.#label.value !== "" ? Number(this.#label.value) : undefined;
    const truncation = Number(this.#truncation.value);
    const drawn = await engine.call("explore.random", { seed, first, count: COUNT, truncation, label });
    const title = explore.sheet.drawn(COUNT, seed);
    this.show(samplesIn(drawn, (at) => `${seed}:${first + at}`), title);
    say(title);
  }

  /** Shows the pictures of latent vectors in a file. */
  async openLatents(file: File): Promise<void> {
    const { engine, text: { explore: { sheet } } } = this.#desk.context;
    const { name } = file;
    const drawn = await engine.call("explore.openLatents", {
      file: new Uint8Array(await file.arrayBuffer()),
      name,
    });
    this.show(samplesIn(drawn, (at) => sheet.file(name, at)), name);
  }

  /** Draws the same latent vectors anew, as the generator draws them now. */
  async redraw(): Promise<void> {
    if (this.samples.length === 0) return;
    const { samples } = this;
    const drawn = await this.#desk.context.engine.call("explore.draw", inARow(samples));
    // Others may have come meanwhile
    if (samples !== this.samples) return;
    this.samples = samplesIn(drawn, (at) => samples[at]!.name);
    // The same elements, as one of them may have the focus, or be dragged
    for (const [at, canvas] of [...this.#tiles.querySelectorAll("canvas")].entries()) {
      drawPictures(canvas, this.samples[at]!.picture);
    }
  }

  /** @inheritdoc */
  reset(): void {
    const { facts: { classes }, context: { text: { explore: { sheet } } } } = this.#desk;
    this.#labelField.hidden = classes === undefined;
    this.#label.replaceChildren(
      element("option", { value: "" }, sheet.all),
      ...(classes ?? []).map((name, at) => element("option", { value: at }, name)),
    );
    this.#first = 0;
    this.samples = [];
    this.#tiles.replaceChildren();
  }

  async #savePng(): Promise<void> {
    const { engine, text: { explore: { sheet } }, say } = this.#desk.context;
    const { samples } = this;
    const columns = samples.length === 9 ? 3 : COLUMNS;
    const what = sheet.what(samples.length);
    const png = await engine.call("explore.png", { drawn: inARow(samples), columns, what });
    download("samples.png", png, "image/png");
    say(sheet.saved("samples.png"));
  }

  async #saveLatents(): Promise<void> {
    const { engine, text: { explore: { sheet } }, say } = this.#desk.context;
    const npy = await engine.call("explore.latents", { latents: inARow(this.samples).latents });
    download("latents.npy", npy, "application/octet-stream");
    say(sheet.saved("latents.npy"));
  }
}

import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import { download } from "../../train/page/save_panel.ts";
import { FILMING } from "../events.ts";
import { Busy } from "./busy.ts";
import type { Desk, Panel } from "./desk.ts";
import { Latest } from "./latest.ts";
import { type Sample, samplesIn } from "./sample.ts";
import { canvasOf, takesTiles, tile } from "./tile.ts";

/** Pictures along a side of the square. */
const STEPS = 7;

/** Frames of a film from one corner to the next. */
const FRAMES = 24;

/** Corners in the order in which a film goes around: the square has them row after row. */
const AROUND = [0, 1, 3, 2] as const;

/** The square between four pictures: drag across it. */
export class SquarePanel implements Panel {
  /** The panel. */
  readonly element: HTMLElement;
  #desk: Desk;
  #corners: Sample[] = [];
  #places: HTMLElement[];
  #grid = element("canvas", { class: "pictures", "aria-hidden": "true" });
  #handle = element("span", { class: "handle", "aria-hidden": "true" });
  #across: HTMLInputElement;
  #down: HTMLInputElement;
  #result = element("div", { class: "square-result" });
  #current: Sample | undefined;
  #squares = new Latest();
  #points = new Latest();
  #busy: Busy;

  /** Empty so far. */
  constructor(desk: Desk) {
    this.#desk = desk;
    const { square: words, place } = desk.context.text.explore;
    const range = (label: string) =>
      element("input", { type: "range", min: 0, max: 1, step: 0.01, value: 0.5, "aria-label": label });
    this.#across = range(words.across);
    this.#down = range(words.down);
    for (const input of [this.#across, this.#down]) input.addEventListener("input", () => this.#move());
    this.#places = words.corners.map((name, at) => {
      const box = element("div", { class: "corner", "data-corner": at, "aria-label": name, role: "group" });
      takesTiles(box, (sample) => this.#setCorner(at, sample));
      return box;
    });
    const pad = element("div", { class: "pad" }, this.#grid, this.#handle);
    this.#dragIn(pad);
    this.#busy = new Busy(desk.context, FILMING, words.filming);
    const button = (text: string, click: () => void, title?: string) =>
      element("button", { type: "button", click, title }, text);
    const [topLeft, topRight, bottomLeft, bottomRight] = this.#places as [
      HTMLElement,
      HTMLElement,
      HTMLElement,
      HTMLElement,
    ];
    this.element = element(
      "section",
      { class: "card panel square-panel", "aria-label": words.title },
      element("h2", {}, words.title),
      element("p", { class: "soft small" }, words.hint),
      element(
        "div",
        { class: "square" },
        topLeft,
        element("div", { class: "pad-box" }, pad),
        topRight,
        bottomLeft,
        bottomRight,
      ),
      element(
        "div",
        { class: "ranges" },
        element("label", { class: "slider" }, element("span", {}, words.across), this.#across),
        element("label", { class: "slider" }, element("span", {}, words.down), this.#down),
      ),
      element(
        "div",
        { class: "square-below" },
        this.#result,
        element(
          "div",
          { class: "row" },
          button(words.use, () => this.#current && desk.choose(this.#current)),
          button(words.film, () => void desk.attempt(() => this.#film()), words.filmHint),
        ),
      ),
      this.#busy.element,
    );
    for (const [at, box] of this.#places.entries()) box.title = place.corner(words.corners[at]!);
  }

  /** Puts pictures at the corners. */
  set corners(samples: readonly Sample[]) {
    this.#corners = [...samples];
    for (const at of this.#corners.keys()) this.#showCorner(at);
    this.redraw();
  }

  /** Draws the square anew. */
  redraw(): void {
    this.#squares.run(() => this.#desk.attempt(() => this.#drawSquare()));
    this.#move();
  }

  /** @inheritdoc */
  reset(): void {
    this.#corners = [];
    this.#current = undefined;
    this.#result.replaceChildren();
    for (const place of this.#places) place.replaceChildren();
  }

  #setCorner(at: number, sample: Sample | undefined): void {
    if (!sample) return;
    this.#corners[at] = sample;
    this.#showCorner(at);
    this.redraw();
  }

  #showCorner(at: number): void {
    const { context: { text: { explore: { square, place } } } } = this.#desk;
    const sample = this.#corners[at]!;
    const label = place.at(square.corners[at]!, sample.name);
    this.#places[at]!.replaceChildren(
      tile(() => sample, label, () => this.#desk.choose(sample)),
      element(
        "button",
        {
          type: "button",
          class: "put",
          "aria-label": `${place.put}: ${square.corners[at]}`,
          title: place.put,
          click: () => this.#setCorner(at, this.#desk.chosen),
        },
        "+",
      ),
    );
  }

  /** What the worker is asked for. */
  get #given() {
    const [topLeft, topRight, bottomLeft, bottomRight] = this.#corners.map(({ latent }) => latent);
    const corners = [topLeft!, topRight!, bottomLeft!, bottomRight!] as const;
    return { corners, label: this.#corners[0]!.label };
  }

  async #drawSquare(): Promise<void> {
    if (this.#corners.length < 4) return;
    const { pictures } = await this.#desk.context.engine.call("explore.square", {
      ...this.#given,
      steps: STEPS,
    });
    drawPictures(this.#grid, pictures, { columns: STEPS });
  }

  #move(): void {
    const place = { across: Number(this.#across.value), down: Number(this.#down.value) };
    this.#handle.style.left = `${100 * place.across}%`;
    this.#handle.style.top = `${100 * place.down}%`;
    this.#points.run(() =>
      this.#desk.attempt(async () => {
        if (this.#corners.length < 4) return;
        const { engine, text: { explore: { square } } } = this.#desk.context;
        const drawn = await engine.call("explore.inSquare", { ...this.#given, place });
        const [sample] = samplesIn(drawn, () => square.name(place.across, place.down));
        this.#current = sample!;
        const canvas = canvasOf(sample!);
        canvas.setAttribute("aria-label", square.label);
        this.#result.replaceChildren(tile(() => sample!, square.label, () => this.#desk.choose(sample!)));
      })
    );
  }

  /** The pointer moves the handle. */
  #dragIn(pad: HTMLElement): void {
    const follow = ({ clientX, clientY }: PointerEvent): void => {
      const { left, top, width, height } = pad.getBoundingClientRect();
      const share = (at: number) => String(Math.round(100 * Math.min(1, Math.max(0, at))) / 100);
      this.#across.value = share((clientX - left) / width);
      this.#down.value = share((clientY - top) / height);
      this.#move();
    };
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(event.pointerId);
      follow(event);
    });
    pad.addEventListener("pointermove", (event) => {
      if (pad.hasPointerCapture(event.pointerId)) follow(event);
    });
  }

  async #film(): Promise<void> {
    if (this.#corners.length < 4) return;
    const { engine, text: { explore: { sheet } }, say } = this.#desk.context;
    const stops = AROUND.map((at) => this.#corners[at]!.latent);
    const { label } = this.#given;
    const film = await this.#busy.during(() => engine.call("explore.film", { stops, label, steps: FRAMES }));
    download("film.webp", film, "image/webp");
    say(sheet.saved("film.webp"));
  }
}

import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import type { StudioContext } from "../../context.ts";
import { samplesIn } from "../../explore/page/sample.ts";
import type { LookedAt } from "./looked_at.ts";

/** Samples that are looked at. */
const SAMPLES = 8;

/** Pictures of the user's that are looked at, at most: the latest. */
const OWN = 8;

/** Samples and pictures of the user's own; one of them is chosen. */
export class PicturesPanel {
  /** The panel. */
  readonly element: HTMLElement;
  #context: StudioContext;
  #changed: (chosenOnly: boolean) => void;
  #row = element("div", { class: "tiles" });
  #samples: LookedAt[] = [];
  #own: LookedAt[] = [];
  #chosen = 0;
  #first = 0;
  #clear: HTMLButtonElement;

  /**
   * @param changed Called when pictures changed, or with `true` if only another one is chosen.
   * @param attempt Does something, and shows what goes wrong.
   */
  constructor(
    context: StudioContext,
    changed: (chosenOnly: boolean) => void,
    attempt: (task: () => Promise<void>) => Promise<void>,
  ) {
    this.#context = context;
    this.#changed = changed;
    const { pictures: words } = context.text.inside;
    const button = (text: string, click: () => void) => element("button", { type: "button", click }, text);
    const picker = element("input", {
      type: "file",
      accept: "image/*",
      multiple: true,
      class: "visually-hidden",
      tabindex: -1,
      "aria-hidden": "true",
      change: () => {
        const files = [...picker.files ?? []];
        picker.value = "";
        void attempt(() => this.add(files));
      },
    });
    this.#clear = button(words.clear, () => {
      this.#own = [];
      this.#show();
      this.#changed(false);
    });
    this.element = element(
      "section",
      { class: "card panel inside-pictures", "aria-label": words.title },
      element("h2", {}, words.title),
      element("p", { class: "soft small" }, words.hint),
      this.#row,
      element(
        "div",
        { class: "row" },
        button(words.samples, () => {
          this.#first += SAMPLES;
          void attempt(() => this.draw());
        }),
        button(words.add, () => picker.click()),
        this.#clear,
      ),
      picker,
    );
  }

  /** All pictures, samples first. */
  get all(): readonly LookedAt[] {
    return [...this.#samples, ...this.#own];
  }

  /** The one that is looked at closely. */
  get chosen(): LookedAt | undefined {
    return this.all[this.#chosen];
  }

  /** Begins anew, for other networks. */
  reset(): void {
    this.#samples = [];
    this.#own = [];
    this.#first = this.#chosen = 0;
    this.#show();
  }

  /** Draws samples of seed 1. */
  async draw(): Promise<void> {
    const { engine, text: { inside: { pictures } } } = this.#context;
    const first = this.#first;
    const drawn = await engine.call("explore.random", { seed: 1, first, count: SAMPLES });
    this.#samples = samplesIn(drawn, (at) => pictures.sample(`1:${first + at}`)).map((sample) => ({
      name: sample.name,
      picture: sample.picture,
      sample,
    }));
    this.#show();
    this.#changed(false);
  }

  /** Adds pictures of the user's. */
  async add(files: readonly File[]): Promise<void> {
    for (const file of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const picture = await this.#context.engine.call("explore.photo", { file: bytes });
      this.#own = [...this.#own, { name: file.name, picture, sample: undefined }].slice(-OWN);
    }
    this.#chosen = this.all.length - 1;
    this.#show();
    this.#changed(false);
  }

  #show(): void {
    this.#chosen = Math.min(this.#chosen, Math.max(0, this.all.length - 1));
    this.#clear.hidden = this.#own.length === 0;
    this.#row.replaceChildren(
      ...this.all.map(({ picture, name, sample }, at) => {
        const canvas = element("canvas", { class: "pictures", "aria-hidden": "true" });
        drawPictures(canvas, picture);
        return element(
          "button",
          {
            type: "button",
            class: sample ? "tile" : "tile own",
            title: name,
            "aria-label": name,
            "aria-pressed": String(at === this.#chosen),
            click: () => this.#choose(at),
          },
          canvas,
        );
      }),
    );
  }

  #choose(at: number): void {
    this.#chosen = at;
    for (const [other, tile] of [...this.#row.children].entries()) {
      tile.setAttribute("aria-pressed", String(other === at));
    }
    this.#changed(true);
  }
}

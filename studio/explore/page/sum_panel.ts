import { element } from "../../page/element.ts";
import type { Desk, Panel } from "./desk.ts";
import { type Sample, samplesIn } from "./sample.ts";
import { Latest } from "./latest.ts";
import { canvasOf, takesTiles, tile } from "./tile.ts";

/** Names of the groups. */
const GROUPS = ["a", "b", "c"] as const;

/** The name of a group. */
type Group = typeof GROUPS[number];

/** The paper's arithmetic: what A has and B lacks, given to C. */
export class SumPanel implements Panel {
  /** The panel. */
  readonly element: HTMLElement;
  #desk: Desk;
  #groups: Record<Group, Sample[]> = { a: [], b: [], c: [] };
  #lists: Record<Group, HTMLElement>;
  #means: Record<Group, HTMLElement>;
  #result = element("div", { class: "tiles three" });
  #missing: HTMLElement;
  #slider: HTMLButtonElement;
  #direction: Float32Array | undefined;
  #latest = new Latest();

  /** Empty so far. */
  constructor(desk: Desk) {
    this.#desk = desk;
    const { sum: words, place } = desk.context.text.explore;
    const of = (make: (group: Group) => HTMLElement) =>
      Object.fromEntries(GROUPS.map((group) => [group, make(group)])) as Record<Group, HTMLElement>;
    this.#lists = of(() => element("div", { class: "group-tiles" }));
    this.#means = of(() => element("div", { class: "group-mean" }));
    const boxes = GROUPS.flatMap((group, at) => {
      const box = element(
        "div",
        { class: "group", role: "group", "aria-label": words.groups[group], "data-group": group },
        element("h3", {}, words.groups[group]),
        this.#lists[group],
        element(
          "button",
          {
            type: "button",
            class: "put",
            "aria-label": `${place.put}: ${words.groups[group]}`,
            click: () => this.#add(group, desk.chosen),
          },
          place.put,
        ),
        this.#means[group],
      );
      takesTiles(box, (sample) => this.#add(group, sample));
      return [box, element("span", { class: "sign", "aria-hidden": "true" }, words.signs[at]!)];
    });
    this.#missing = element("p", { class: "soft small" }, words.missing);
    this.#slider = element(
      "button",
      { type: "button", disabled: true, click: () => this.#makeSlider() },
      words.slider,
    );
    this.element = element(
      "section",
      { class: "card panel sum-panel", "aria-label": words.title },
      element("h2", {}, words.title),
      element("p", { class: "soft small" }, words.hint),
      element(
        "div",
        { class: "sum" },
        ...boxes,
        element(
          "div",
          { class: "group result", role: "group", "aria-label": words.result },
          element("h3", {}, words.result),
          this.#missing,
          this.#result,
        ),
      ),
      element(
        "div",
        { class: "row" },
        this.#slider,
        element("button", { type: "button", click: () => this.reset() }, words.clear),
      ),
    );
  }

  /** @inheritdoc */
  reset(): void {
    this.#groups = { a: [], b: [], c: [] };
    this.#show();
  }

  /** Draws the result anew. */
  redraw(): void {
    if (GROUPS.every((group) => this.#groups[group].length > 0)) this.#draw();
  }

  #add(group: Group, sample: Sample | undefined): void {
    if (!sample) return;
    this.#groups[group].push(sample);
    this.#show();
    this.redraw();
  }

  #show(): void {
    const { context: { text: { explore: { place } } } } = this.#desk;
    for (const group of GROUPS) {
      this.#lists[group].replaceChildren(
        ...this.#groups[group].map((sample) => {
          const words = place.remove(sample.name);
          const made = tile(() => sample, words, () => {
            this.#groups[group] = this.#groups[group].filter((other) => other !== sample);
            this.#show();
            this.redraw();
          });
          made.title = words;
          return made;
        }),
      );
      this.#means[group].replaceChildren();
    }
    const isWhole = GROUPS.every((group) => this.#groups[group].length > 0);
    this.#missing.hidden = isWhole;
    this.#slider.disabled = true;
    this.#result.replaceChildren();
  }

  #draw(): void {
    this.#latest.run(() =>
      this.#desk.attempt(async () => {
        const { engine, text: { explore } } = this.#desk.context;
        const groups = this.#groups;
        const of = (group: Group) => groups[group].map(({ latent }) => latent);
        if (GROUPS.some((group) => groups[group].length === 0)) return;
        const { label } = groups.c[0]!;
        const { means, result, direction } = await engine.call("explore.sum", {
          a: of("a"),
          b: of("b"),
          c: of("c"),
          label,
          seed: 1,
        });
        const words = explore.sum;
        for (
          const [at, sample] of samplesIn(means, (at) => words.mean(GROUPS[at]!.toUpperCase())).entries()
        ) {
          this.#means[GROUPS[at]!].replaceChildren(
            canvasOf(sample),
            element("span", { class: "soft small" }, sample.name),
          );
        }
        const named = samplesIn(result, (at) => words.resultName(at === 4 ? 0 : at < 4 ? at + 1 : at));
        this.#result.replaceChildren(
          ...named.map((sample) =>
            tile(() => sample, explore.picture.name(sample.name), () => this.#desk.choose(sample))
          ),
        );
        this.#direction = direction;
        this.#slider.disabled = false;
      })
    );
  }

  #makeSlider(): void {
    if (!this.#direction) return;
    const { text: { explore }, say } = this.#desk.context;
    this.#desk.addDirection(this.#direction);
    say(explore.sum.sliderSay);
  }
}

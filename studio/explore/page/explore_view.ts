import type { StudioContext } from "../../context.ts";
import { element } from "../../page/element.ts";
import { type GivenFile, takeDrops } from "../../page/given_files.ts";
import type { SourceFacts } from "../source/facts.ts";
import { SourceBar } from "../source/source_bar.ts";
import { attempter } from "./attempt.ts";
import type { Desk } from "./desk.ts";
import { PhotoPanel } from "./photo_panel.ts";
import { PicturePanel } from "./picture_panel.ts";
import type { Sample } from "./sample.ts";
import { SheetPanel } from "./sheet_panel.ts";
import { SquarePanel } from "./square_panel.ts";
import { SumPanel } from "./sum_panel.ts";
import { openServed } from "../source/served.ts";

/** Milliseconds between redrawings while the model learns, at least. */
const REDRAWING = 2000;

/** The Explore view: samples of a generator, and what can be made of them. */
export class ExploreView implements Desk {
  /** @inheritdoc */
  readonly context: StudioContext;
  /** @inheritdoc */
  readonly attempt: (task: () => Promise<void>) => Promise<void>;
  #facts: SourceFacts | undefined;
  #source: SourceBar;
  #desk: HTMLElement;
  #empty: HTMLElement;
  #picture: PicturePanel;
  #sheet: SheetPanel;
  #square: SquarePanel;
  #sum: SumPanel;
  #photo: PhotoPanel;
  #redrawn = 0;

  /** Fills an element. */
  constructor(view: HTMLElement, context: StudioContext) {
    this.context = context;
    const { attempt, notice } = attempter(context);
    this.attempt = attempt;
    this.#source = new SourceBar(context, (facts) => this.#look(facts), attempt);
    this.#picture = new PicturePanel(this);
    this.#sheet = new SheetPanel(this);
    this.#square = new SquarePanel(this);
    this.#sum = new SumPanel(this);
    this.#photo = new PhotoPanel(this);
    this.#desk = element(
      "div",
      { class: "explore-desk", hidden: true },
      this.#picture.element,
      element(
        "div",
        { class: "explore-side" },
        this.#sheet.element,
        this.#square.element,
        this.#photo.element,
        this.#sum.element,
      ),
    );
    const { empty } = context.text.explore;
    this.#empty = element(
      "div",
      { class: "empty explore-empty" },
      element("h2", {}, empty.title),
      element("p", {}, empty.hint),
      element(
        "button",
        { type: "button", class: "primary", click: () => context.show("train") },
        empty.train,
      ),
    );
    view.append(this.#source.element, notice, this.#empty, this.#desk);
    takeDrops(view, (files) => this.#take(files));
    context.on("model", () => void this.#refresh());
    context.on("show", () => void this.#refresh());
    context.on("step", () => this.#follow());
    void attempt(() => openServed(context, this.#source));
  }

  /** @inheritdoc */
  get facts(): SourceFacts {
    return this.#facts!;
  }

  /** @inheritdoc */
  get chosen(): Sample | undefined {
    return this.#picture.shown;
  }

  /** @inheritdoc */
  choose(sample: Sample): void {
    this.#picture.picture = sample;
    this.#sheet.mark(sample);
  }

  /** @inheritdoc */
  show(samples: readonly Sample[], title: string): void {
    this.#sheet.show(samples, title);
    this.context.say(title);
  }

  /** @inheritdoc */
  addDirection(vector: Float32Array): void {
    this.#picture.addDirection(vector);
  }

  /** A view that is hidden asks for nothing. */
  async #refresh(): Promise<void> {
    if (this.context.shown === "explore") await this.attempt(() => this.#source.refresh());
  }

  #look(facts: SourceFacts | undefined): void {
    this.#facts = facts;
    this.#desk.hidden = facts === undefined;
    this.#empty.hidden = facts !== undefined;
    if (!facts) return;
    for (const panel of [this.#picture, this.#sheet, this.#square, this.#sum, this.#photo]) panel.reset();
    void this.attempt(async () => {
      await this.#sheet.draw();
      const { samples } = this.#sheet;
      if (samples[0]) this.choose(samples[0]);
      this.#square.corners = samples.slice(0, 4);
    });
  }

  /** Draws the same latent vectors as the model learns, now and then. */
  #follow(): void {
    const { shown } = this.context;
    if (shown !== "explore" || this.#facts?.kind !== "model" || performance.now() < this.#redrawn) return;
    this.#redrawn = performance.now() + REDRAWING;
    void this.attempt(async () => {
      await this.#source.refresh();
      await this.#sheet.redraw();
      this.#picture.redraw();
    });
  }

  /** Files that were dropped on the view. */
  async #take(files: GivenFile[]): Promise<void> {
    const [{ file, path }] = files as [GivenFile];
    const isOne = files.length === 1 && this.#facts !== undefined;
    if (isOne && file.type.startsWith("image/")) this.#photo.take(file);
    else if (isOne && /\.npy$/i.test(path)) await this.attempt(() => this.#sheet.openLatents(file));
    else await this.#source.open(files);
  }
}

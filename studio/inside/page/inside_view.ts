import type { StudioContext } from "../../context.ts";
import { attempter } from "../../explore/page/attempt.ts";
import { Latest } from "../../explore/page/latest.ts";
import type { SourceFacts } from "../../explore/source/facts.ts";
import { SourceBar } from "../../explore/source/source_bar.ts";
import { element } from "../../page/element.ts";
import { type GivenFile, takeDrops } from "../../page/given_files.ts";
import { JudgedCard } from "./judged_card.ts";
import { picturesIn } from "./looked_at.ts";
import { LooksCard } from "./looks_card.ts";
import { MapsCard } from "./maps_card.ts";
import { PicturesPanel } from "./pictures_panel.ts";
import { StepCard } from "./step_card.ts";

/** The See inside view: what the networks make of pictures. */
export class InsideView {
  #context: StudioContext;
  #attempt: (task: () => Promise<void>) => Promise<void>;
  #facts: SourceFacts | undefined;
  #source: SourceBar;
  #empty: HTMLElement;
  #desk: HTMLElement;
  #onlyGenerator: HTMLElement;
  #pictures: PicturesPanel;
  #judged: JudgedCard;
  #looks: LooksCard;
  #maps: MapsCard;
  #step: StepCard;
  #looking = new Latest();
  #mapping = new Latest();
  #seenStep: number | undefined;

  /** Fills an element. */
  constructor(view: HTMLElement, context: StudioContext) {
    this.#context = context;
    const { text } = context;
    const { attempt, notice } = attempter(context);
    this.#attempt = attempt;
    this.#source = new SourceBar(context, (facts) => this.#look(facts), attempt);
    this.#pictures = new PicturesPanel(context, (chosenOnly) => this.#show(chosenOnly), attempt);
    this.#judged = new JudgedCard(text);
    this.#looks = new LooksCard(text, () => this.#show(false));
    this.#maps = new MapsCard(text);
    this.#step = new StepCard(context, async (task) => {
      await attempt(task);
      await attempt(() => this.#refresh());
    });
    this.#onlyGenerator = element("p", { class: "card", hidden: true }, text.inside.onlyGenerator);
    this.#empty = element(
      "div",
      { class: "empty explore-empty" },
      element("h2", {}, text.explore.empty.title),
      element("p", {}, text.explore.empty.hint),
      element(
        "button",
        { type: "button", class: "primary", click: () => context.show("train") },
        text.explore.empty.train,
      ),
    );
    this.#desk = element(
      "div",
      { class: "inside-desk", hidden: true },
      element("p", { class: "intro" }, text.inside.intro),
      this.#pictures.element,
      this.#onlyGenerator,
      this.#judged.element,
      this.#looks.element,
      this.#maps.element,
      this.#step.element,
    );
    view.append(this.#source.element, notice, this.#empty, this.#desk);
    takeDrops(view, (files) => this.#take(files));
    context.on("model", () => void this.#attempt(() => this.#refresh()));
    context.on("show", () => void this.#attempt(() => this.#refresh()));
  }

  /** Looks again at what changed while the view was hidden. */
  async #refresh(): Promise<void> {
    if (this.#context.shown !== "inside") return;
    const before = this.#facts;
    await this.#source.refresh();
    const { model } = this.#context;
    const hasLearned = this.#facts?.kind === "model" && model?.step !== this.#seenStep;
    if (this.#facts && this.#facts === before && hasLearned) await this.#pictures.draw();
    this.#seenStep = model?.step;
  }

  #look(facts: SourceFacts | undefined): void {
    this.#facts = facts;
    this.#desk.hidden = facts === undefined;
    this.#empty.hidden = facts !== undefined;
    if (!facts) return;
    const { hasDiscriminator } = facts;
    this.#onlyGenerator.hidden = hasDiscriminator;
    this.#judged.element.hidden = !hasDiscriminator;
    this.#looks.element.hidden = !hasDiscriminator;
    this.#step.canLearn = facts.kind === "model";
    this.#looks.reset(facts);
    this.#pictures.reset();
    void this.#attempt(() => this.#pictures.draw());
  }

  #show(chosenOnly: boolean): void {
    if (this.#pictures.all.length === 0) return;
    if (!chosenOnly) this.#looking.run(() => this.#attempt(() => this.#showLooks()));
    this.#mapping.run(() => this.#attempt(() => this.#showMaps()));
  }

  async #showLooks(): Promise<void> {
    const { all } = this.#pictures;
    if (!this.#facts?.hasDiscriminator || all.length === 0) return;
    const labels = all.map(({ sample }) => sample?.label ?? 0);
    const pictures = picturesIn(all);
    const looks = await this.#context.engine.call("inside.look", {
      pictures,
      labels,
      guided: this.#looks.isGuided,
    });
    this.#judged.show(all, looks.logits);
    this.#looks.show(all, looks);
  }

  async #showMaps(): Promise<void> {
    const { chosen } = this.#pictures;
    if (!chosen || !this.#facts) return;
    const { engine } = this.#context;
    const { sample, picture } = chosen;
    const generator = sample &&
      await engine.call("inside.generatorMaps", { latent: sample.latent, label: sample.label });
    const discriminator = this.#facts.hasDiscriminator
      ? await engine.call("inside.discriminatorMaps", { picture })
      : undefined;
    this.#maps.show(generator, discriminator);
  }

  /** Pictures that were dropped on the view, or a run or files. */
  async #take(files: GivenFile[]): Promise<void> {
    const pictures = files.map(({ file }) => file).filter(({ type }) => type.startsWith("image/"));
    if (this.#facts && pictures.length === files.length) {
      await this.#attempt(() => this.#pictures.add(pictures));
    } else await this.#source.open(files);
  }
}

// The page has all files of this folder in one script, which a linter of one file cannot know
// deno-lint-ignore-file no-unused-vars

/** Milliseconds of each grid as they are played. */
const PLAY = 350;

/** Grids of samples with a slider over the steps, and the real pictures beside them. */
class SamplesView {
  #grids = [];
  #at = 0;
  #source = "";
  #timer;
  #onStep;

  /** @param onStep Called as another step is shown. */
  constructor(onStep) {
    this.#onStep = onStep;
    this.image = make("img", {});
    this.caption = make("figcaption", {});
    this.real = make("figure", {});
    this.notes = make("div", { class: "faint" });
    this.slider = make("input", { type: "range", min: "0", step: "1", "aria-label": "Step of the samples" });
    this.play = make("button", { type: "button" }, "Play");
    this.controls = make("div", { class: "controls" }, this.slider, this.play);
    this.chosen = new ChosenSamples();
    this.image.addEventListener("load", () => this.chosen.fit(this.image));
    this.figures = make(
      "div",
      { class: "figures" },
      make(
        "figure",
        {},
        make("div", { class: "grid" }, this.image, this.chosen.tiles),
        this.caption,
        this.controls,
        this.chosen.element,
      ),
      this.real,
    );
    this.empty = make("p", { class: "faint" }, "There are no samples yet.");
    this.element = make("section", {}, make("h2", {}, "Samples"), this.empty, this.figures, this.notes);
    this.slider.addEventListener("input", () => {
      this.#stop();
      this.#show(Number(this.slider.value));
    });
    this.play.addEventListener("click", () => this.#timer === undefined ? this.#start() : this.#stop());
  }

  /** Shows the grids of a report: the last one, or that which was chosen. */
  update({ grids, places, path, real, pictureNotes }) {
    const step = this.#grids[this.#at]?.step;
    const follows = this.#at >= this.#grids.length - 1 && this.#timer === undefined;
    this.#grids = grids;
    this.empty.hidden = grids.length > 0;
    this.figures.hidden = grids.length === 0 && real === null;
    this.controls.hidden = grids.length < 2;
    this.slider.max = `${Math.max(0, grids.length - 1)}`;
    const same = grids.findIndex((grid) => grid.step >= step);
    this.#show(follows || same < 0 ? grids.length - 1 : same);
    this.#showReal(real);
    this.chosen.update({ places, path });
    this.chosen.element.hidden = grids.length === 0;
    if (this.image.complete && this.image.naturalWidth > 0) this.chosen.fit(this.image);
    this.notes.replaceChildren(...pictureNotes.map((note) => make("p", {}, note)));
  }

  #showReal(source) {
    if (source === null) return this.real.replaceChildren();
    if (this.real.querySelector("img")?.getAttribute("src") === source) return;
    this.real.replaceChildren(
      make("img", { src: source, alt: "A grid of images of the data" }),
      make("figcaption", {}, "Images of the data"),
    );
  }

  #show(at) {
    const grid = this.#grids[at];
    if (!grid) return;
    this.#at = at;
    const text = `Step ${grid.step.toLocaleString("en-US")}`;
    this.slider.value = `${at}`;
    this.slider.setAttribute("aria-valuetext", text);
    this.caption.textContent = `Samples after step ${grid.step.toLocaleString("en-US")}`;
    if (this.#source !== grid.source) {
      this.#source = grid.source;
      this.image.src = grid.source;
      this.image.alt = `A grid of samples, drawn after step ${grid.step.toLocaleString("en-US")}`;
    }
    shared.sampleStep = this.#grids.length > 1 ? grid.step : undefined;
    this.#onStep();
  }

  #start() {
    this.play.textContent = "Stop";
    if (this.#at >= this.#grids.length - 1) this.#show(0);
    this.#timer = setInterval(() => {
      if (this.#at >= this.#grids.length - 1) this.#stop();
      else this.#show(this.#at + 1);
    }, PLAY);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.play.textContent = "Play";
  }
}

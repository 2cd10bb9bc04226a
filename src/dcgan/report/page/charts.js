// The page has all files of this folder in one script, which a linter of one file cannot know
// deno-lint-ignore-file no-unused-vars

/** All charts, with the controls that they share. */
class ChartsView {
  constructor() {
    this.area = make("div", { class: "charts" });
    const button = (text, label, zoom) => {
      const element = make("button", { type: "button", "aria-label": label, title: label }, text);
      element.addEventListener("click", () => this.#zoom(zoom));
      return element;
    };
    const smoothing = make("input", { type: "range", min: "0", max: "100", value: `${shared.smoothing}` });
    smoothing.addEventListener("input", () => {
      shared.smoothing = Number(smoothing.value);
      shared.charts.forEach((chart) => chart.refresh());
    });
    this.smoothing = make("label", {}, "Smoothing ", smoothing);
    const controls = make(
      "div",
      { class: "controls" },
      button("+", "Zoom in", ([low, high]) => [low + (high - low) / 4, high - (high - low) / 4]),
      button("−", "Zoom out", ([low, high]) => [low - (high - low) / 2, high + (high - low) / 2]),
      button("←", "Earlier steps", ([low, high]) => [low - (high - low) / 2, high - (high - low) / 2]),
      button("→", "Later steps", ([low, high]) => [low + (high - low) / 2, high + (high - low) / 2]),
      button("Whole run", "Whole run", () => null),
      this.smoothing,
    );
    const hint = make(
      "p",
      { class: "faint" },
      "Drag across a curve to zoom in, click twice to see all of it. A thin upright line marks the step of the samples above.",
    );
    this.element = make("section", {}, make("h2", {}, "Curves over the steps"), controls, hint, this.area);
    matchMedia("(prefers-color-scheme: dark)").addEventListener(
      "change",
      () => shared.charts.forEach((chart) => chart.build()),
    );
  }

  /** Shows the charts of a report; those that are there stay, with what was chosen in them. */
  update({ charts, step }) {
    shared.last = Math.max(2, step);
    shared.charts = charts.map((chart) => {
      const same = shared.charts.find(({ title }) => title === chart.title);
      const view = same ?? new ChartView(chart.title);
      view.update(chart);
      return view;
    });
    const elements = shared.charts.map(({ element }) => element);
    if (
      elements.some((element, i) => this.area.children[i] !== element) ||
      this.area.children.length > elements.length
    ) {
      this.area.replaceChildren(...elements);
    }
    this.smoothing.hidden = !charts.some(({ steps }) => steps.length >= SMOOTHED_FROM);
  }

  #zoom(change) {
    setZoom(change(shared.zoom ?? [1, shared.last]));
  }
}

/** Shows some of the steps in all charts; null for all. */
function setZoom(zoom) {
  let next = zoom;
  if (next) {
    const width = Math.min(Math.max(2, next[1] - next[0]), shared.last - 1);
    const low = Math.max(1, Math.min(next[0], shared.last - width));
    next = width >= shared.last - 1 ? null : [low, low + width];
  }
  shared.zoom = next;
  shared.charts.forEach((chart) => chart.place());
}

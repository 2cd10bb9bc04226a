// The page has all files of this folder in one script, which a linter of one file cannot know
// deno-lint-ignore-file no-unused-vars

/** Pixels of a chart from top to bottom. */
const HEIGHT = 230;

/**
 * Dashes of the last curve of a chart, which counts most, of the one before it, and so on: color is not all that tells
 * them apart.
 */
const DASHES = [[], [8, 4], [3, 2], [12, 3, 3, 3], [5, 2]];

/** Charts of fewer places are not smoothed, and those of few have a dot at each. */
const [SMOOTHED_FROM, DOTTED_TO] = [100, 40];

/** Least contrast of a line with the page (WCAG 2.2, 1.4.11). */
const CONTRAST = 3.2;

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

/** One chart. */
class ChartView {
  #plot;
  #hidden = new Set();

  constructor(title) {
    this.title = title;
    this.legend = make("ul", { class: "legend" });
    this.canvas = make("div", { role: "img" });
    this.note = make("p", { class: "faint" });
    this.element = make(
      "figure",
      {},
      make("figcaption", {}, make("h3", {}, title), this.legend),
      this.canvas,
      this.note,
    );
    new ResizeObserver(() => {
      const width = this.canvas.clientWidth;
      if (this.#plot && width > 0 && width !== this.#plot.width) {
        this.#plot.setSize({ width, height: HEIGHT });
      } else if (!this.#plot && width > 0) this.build();
    }).observe(this.canvas);
  }

  update(chart) {
    const names = (one) =>
      JSON.stringify([one?.curves.map(({ label, band }) => [label, !!band]), one?.steps.length > DOTTED_TO]);
    const isSame = names(this.chart) === names(chart);
    this.chart = chart;
    this.note.textContent = chart.outside === undefined
      ? ""
      : `Values as far as ${figure(chart.outside)} lie outside of this chart.`;
    this.note.hidden = chart.outside === undefined;
    this.canvas.setAttribute("aria-label", `${chart.title}. ${chart.curves.map(latestText).join(". ")}.`);
    if (isSame && this.#plot) this.refresh();
    else this.build();
  }

  /** Makes it anew, in the colors of the page. */
  build() {
    this.#plot?.destroy();
    this.#plot = undefined;
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const [ink, line, page] = ["--faint", "--line", "--card"].map(color);
    const { curves, steps } = this.chart;
    const series = [{}];
    const bands = [];
    curves.forEach((curve, i) => {
      const stroke = readable(curve.color, page);
      const rgb = (alpha) => `rgb(${stroke.join(" ")} / ${alpha})`;
      const at = series.length;
      const show = !this.#hidden.has(curve.label);
      const none = { points: { show: false }, show };
      series.push({ ...none, stroke: "transparent" }, { ...none, stroke: "transparent" });
      if (curve.band) bands.push({ series: [at + 1, at], fill: rgb(0.16) });
      series.push({ ...none, stroke: rgb(0.35), width: 1 });
      const points = { show: steps.length <= DOTTED_TO, size: 6, fill: rgb(1) };
      series.push({ show, stroke: rgb(1), width: 2, dash: dashOf(i, curves), points });
    });
    const axis = {
      stroke: ink,
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      font: "12px system-ui, sans-serif",
    };
    this.#plot = new uPlot(
      {
        width,
        height: HEIGHT,
        series,
        bands,
        legend: { show: false },
        padding: [10, 12, 0, 0],
        scales: {
          x: { time: false, range: () => shared.zoom ?? [1, shared.last] },
          y: { range: (_, low, high) => this.#range(low, high) },
        },
        axes: [{ ...axis, space: 70 }, { ...axis, size: 56 }],
        cursor: {
          drag: { x: true, y: false, setScale: false },
          points: { show: false },
          sync: { key: "steps", filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } },
          bind: { dblclick: () => () => void setZoom(null) },
        },
        hooks: {
          setSelect: [(plot) => {
            const { left, width } = plot.select;
            if (width < 4) return;
            setZoom([plot.posToVal(left, "x"), plot.posToVal(left + width, "x")]);
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          }],
          setCursor: [(plot) => this.#showValues(plot.cursor.idx)],
          draw: [(plot) => this.#drawLines(plot, ink, page)],
        },
      },
      this.#data(),
      this.canvas,
    );
    this.#buildLegend(page);
  }

  /** Shows the same chart with other values, or smoothed otherwise. */
  refresh() {
    this.#plot?.setData(this.#data());
    this.#showValues(null);
  }

  /** Shows the steps that are chosen. */
  place() {
    const [min, max] = shared.zoom ?? [1, shared.last];
    this.#plot?.setScale("x", { min, max });
  }

  redraw() {
    this.#plot?.redraw(false);
  }

  /** Of each curve the least values, the greatest, the means, and the line. */
  #data() {
    const { steps, curves } = this.chart;
    const data = [steps];
    for (const { values, band, exact } of curves) {
      const isSmoothed = !exact && shared.smoothing > 0 && steps.length >= SMOOTHED_FROM;
      const none = steps.map(() => null);
      const { low, high } = band ?? { low: none, high: none };
      const share = 0.1 * (shared.smoothing / 100) ** 2;
      data.push(
        low,
        high,
        isSmoothed && !band ? values : none,
        isSmoothed ? smooth(values, share * steps.length) : values,
      );
    }
    return data;
  }

  /** All of the chart, or what the zoom shows of it. */
  #range(low, high) {
    const [bottom, top] = this.chart.range;
    if (!shared.zoom || low === null || high === null) return [bottom, top];
    const [from, to] = [Math.max(low, bottom), Math.min(high, top)];
    const room = 0.06 * (to - from) || 0.01;
    return from < to ? [from - room, to + room] : [bottom, top];
  }

  #buildLegend(page) {
    this.legend.replaceChildren(...this.chart.curves.map((curve, i) => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
      const attributes = {
        x1: 0,
        x2: 28,
        y1: 5,
        y2: 5,
        "stroke-width": 3,
        "stroke-dasharray": dashOf(i, this.chart.curves).join(" "),
      };
      for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, value);
      line.setAttribute("stroke", `rgb(${readable(curve.color, page).join(" ")})`);
      for (const [name, value] of Object.entries({ width: 28, height: 10, "aria-hidden": true })) {
        svg.setAttribute(name, value);
      }
      svg.append(line);
      const button = make(
        "button",
        { type: "button", "aria-pressed": `${!this.#hidden.has(curve.label)}` },
        svg,
        curve.label,
        " ",
        make("output", {}),
      );
      button.addEventListener("click", () => {
        const isShown = this.#hidden.delete(curve.label);
        if (!isShown) this.#hidden.add(curve.label);
        button.setAttribute("aria-pressed", `${isShown}`);
        for (let k = 1; k <= 4; k++) this.#plot.setSeries(4 * i + k, { show: isShown });
      });
      return make("li", {}, button);
    }));
    this.#showValues(null);
  }

  /** The values at a place, or the last ones. */
  #showValues(at) {
    const outputs = this.legend.querySelectorAll("output");
    this.chart.curves.forEach(({ values }, i) => {
      const value = at === null || at === undefined ? values.findLast((one) => one !== null) : values[at];
      if (outputs[i]) outputs[i].textContent = value === null || value === undefined ? "" : figure(value);
    });
  }

  /** The reference across, and the step of the samples. */
  #drawLines(plot, ink, page) {
    const { ctx, bbox: { left, top, width, height } } = plot;
    const { reference } = this.chart;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = ink;
    ctx.lineWidth = devicePixelRatio;
    if (reference) {
      const y = plot.valToPos(reference.value, "y", true);
      if (y > top && y < top + height) {
        ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
        ctx.beginPath();
        ctx.moveTo(left, y);
        ctx.lineTo(left + width, y);
        ctx.stroke();
        ctx.setLineDash([]);
        ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
        ctx.textAlign = "right";
        ctx.textBaseline = "bottom";
        ctx.lineWidth = 4 * devicePixelRatio;
        ctx.strokeStyle = page;
        ctx.strokeText(reference.label, left + width - 6, y - 4);
        ctx.fillText(reference.label, left + width - 6, y - 4);
        ctx.strokeStyle = ink;
        ctx.lineWidth = devicePixelRatio;
      }
    }
    const x = shared.sampleStep === undefined ? NaN : plot.valToPos(shared.sampleStep, "x", true);
    if (x >= left && x <= left + width) {
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, top + height);
      ctx.stroke();
    }
    ctx.restore();
  }
}

function dashOf(at, curves) {
  return DASHES[(curves.length - 1 - at) % DASHES.length];
}

function latestText({ label, values }) {
  const value = values.findLast((one) => one !== null);
  return `${label}: ${value === undefined ? "no value" : `last ${figure(value)}`}`;
}

/** A number with the digits that count. */
function figure(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  return value.toLocaleString("en-US", { maximumFractionDigits: size < 1 ? 3 : size < 100 ? 2 : 0 });
}

/** Means over neighbors with weights of a normal distribution, `width` places wide. Gaps stay, and weigh nothing. */
function smooth(values, width) {
  const reach = Math.ceil(3 * width);
  const weights = Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * (i / width) ** 2));
  return values.map((value, at) => {
    if (value === null) return null;
    let [sum, total] = [0, 0];
    for (let i = Math.max(0, at - reach); i <= Math.min(values.length - 1, at + reach); i++) {
      if (values[i] === null) continue;
      const weight = weights[Math.abs(i - at)];
      sum += weight * values[i];
      total += weight;
    }
    return sum / total;
  });
}

/** A color, made darker or lighter until it stands out from the page. */
function readable(color, page) {
  const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) =>
      value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const ground = light(channels(page));
  const end = ground > 0.5 ? 0 : 255;
  let found = color;
  while (Math.max(light(found), ground) / Math.min(light(found), ground) < CONTRAST) {
    found = found.map((value) => Math.round(value + 0.08 * (end - value) + Math.sign(end - value)));
  }
  return found;
}

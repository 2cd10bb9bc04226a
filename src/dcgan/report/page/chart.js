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
    const notes = [
      ...chart.outside === undefined ? [] : [
        chart.log
          ? `Values as low as ${figure(chart.outside)} lie below this chart.`
          : `Values as far as ${figure(chart.outside)} lie outside of this chart.`,
      ],
      ...chart.gaps === undefined ? [] : [
        `${figure(chart.gaps)} ${
          chart.gaps === 1 ? "step has" : "steps have"
        } a value that is not finite (NaN or infinite).`,
      ],
    ];
    this.note.textContent = notes.join(" ");
    this.note.hidden = notes.length === 0;
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
        padding: [10, 26, 0, 0],
        scales: {
          x: { time: false, range: () => shared.zoom ?? [1, shared.last] },
          y: { range: (_, low, high) => this.#range(low, high), ...this.chart.log ? { distr: 3 } : {} },
        },
        axes: [{ ...axis, space: 70 }, {
          ...axis,
          size: 56,
          ...this.chart.log
            ? {
              splits: (_plot, _axis, low, high) => logTicks(low, high),
              filter: (_, ticks) => ticks,
              values: (_, ticks) => ticks.map(figure),
            }
            : {},
        }],
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
    if (this.chart.log) {
      return from < to ? [from / (to / from) ** 0.06, to * (to / from) ** 0.06] : [bottom, top];
    }
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

import uPlot from "uplot";
import { element } from "../../page/element.ts";

/** One curve of a chart. */
export interface Curve {
  /** Its name. */
  readonly label: string;
  /** The CSS variable of its color. */
  readonly color: string;
  /** Dashes, so that color is not all that tells curves apart. */
  readonly dash?: number[];
}

/** Pixels of a chart from top to bottom. */
const HEIGHT = 190;

/** Points that a chart has at most: of more, every second is dropped. */
const MOST_POINTS = 2000;

/** A chart of numbers over steps, to which points are added. */
export class CurveChart {
  /** The chart, with title and legend. */
  readonly element: HTMLElement;
  #title: string;
  #curves: readonly Curve[];
  #range: readonly [number, number] | undefined;
  #canvas = element("div", { role: "img", class: "plot" });
  #latest: HTMLElement[];
  #steps: number[] = [];
  #values: number[][];
  #plot: uPlot | undefined;
  #isDue = false;

  /** @param range Lowest and highest value, if they are known. */
  constructor(title: string, curves: readonly Curve[], range?: readonly [number, number]) {
    this.#title = title;
    this.#curves = curves;
    this.#range = range;
    this.#values = curves.map(() => []);
    this.#latest = curves.map(() => element("b", { class: "number" }));
    this.element = element(
      "figure",
      { class: "chart" },
      element(
        "figcaption",
        {},
        element("h3", {}, title),
        element(
          "ul",
          { class: "legend" },
          ...curves.map(({ label, color, dash }, at) => {
            const mark = element("span", { class: dash ? "mark dashed" : "mark" });
            mark.style.setProperty("--color", `var(${color})`);
            return element("li", {}, mark, label, " ", this.#latest[at]!);
          }),
        ),
      ),
      this.#canvas,
    );
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    for (const look of ["(prefers-color-scheme: dark)"]) {
      matchMedia(look).addEventListener("change", () => this.#rebuild());
    }
    new MutationObserver(() => this.#rebuild()).observe(document.documentElement, {
      attributeFilter: ["data-theme"],
    });
  }

  /** Adds a point, or takes back those of the same step and later ones before. */
  add(step: number, values: readonly number[]): void {
    while (this.#steps.length > 0 && this.#steps.at(-1)! >= step) {
      this.#steps.pop();
      for (const kept of this.#values) kept.pop();
    }
    this.#steps.push(step);
    for (const [at, value] of values.entries()) this.#values[at]!.push(value);
    if (this.#steps.length > MOST_POINTS) this.#thin();
    // Many points may come at once
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  /** Forgets all points. */
  clear(): void {
    this.#steps = [];
    this.#values = this.#curves.map(() => []);
    for (const latest of this.#latest) latest.textContent = "";
    this.#draw();
  }

  #thin(): void {
    const isKept = (_: number, at: number) => at % 2 === 0 || at === this.#steps.length - 1;
    this.#values = this.#values.map((values) => values.filter(isKept));
    this.#steps = this.#steps.filter(isKept);
  }

  #rebuild(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#draw();
  }

  #draw(): void {
    const width = this.#canvas.clientWidth;
    if (width === 0) return;
    const words = this.#curves.map(({ label }, at) => {
      const value = this.#values[at]!.at(-1);
      const shown = value === undefined ? "" : short(value);
      this.#latest[at]!.textContent = shown;
      return `${label} ${shown}`;
    });
    this.#canvas.setAttribute("aria-label", `${this.#title}. ${words.join(", ")}.`);
    if (!this.#plot) this.#plot = new uPlot(this.#options(width), this.#data, this.#canvas);
    else {
      if (this.#plot.width !== width) this.#plot.setSize({ width, height: HEIGHT });
      this.#plot.setData(this.#data);
    }
  }

  get #data(): uPlot.AlignedData {
    return [this.#steps, ...this.#values] as uPlot.AlignedData;
  }

  #options(width: number): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: color("--soft"),
      font: `12px ${style.fontFamily}`,
      grid: { stroke: color("--line"), width: 1 },
      ticks: { stroke: color("--line"), width: 1, size: 4 },
    };
    const range = this.#range;
    return {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: true, y: false } },
      scales: { x: { time: false }, y: range ? { range: [...range] as [number, number] } : {} },
      axes: [
        {
          ...axis,
          size: 28,
          space: 70,
          values: (_, steps) => steps.map((step) => step.toLocaleString("en")),
        },
        { ...axis, size: 44 },
      ],
      series: [
        {},
        ...this.#curves.map(({ label, color: name, dash }) => ({
          label,
          stroke: color(name),
          width: 1.75,
          ...(dash ? { dash } : {}),
          points: { show: false },
        })),
      ],
    };
  }
}

function short(value: number): string {
  return Number.isFinite(value) ? Number(value.toPrecision(3)).toString() : "–";
}

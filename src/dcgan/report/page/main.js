/**
 * Shows a report, and shows it again as it changes. All files of this folder are one classic script: the page of a file
 * on disk cannot load modules.
 */

/** Milliseconds without a word from the server after which the page says so. */
const SILENCE = 15_000;

/** What the parts of the page have in common. */
const shared = { zoom: null, smoothing: 35, sampleStep: undefined, charts: [] };

/** Builds the page once. Returns what shows a report in it. */
function buildPage(page) {
  const status = make("p", { class: "status", role: "status" });
  const bar = make("progress", { "aria-label": "Steps done" });
  const heading = make("header", {});
  const verdict = make("div", {});
  const samples = new SamplesView(() => shared.charts.forEach((chart) => chart.redraw()));
  const charts = new ChartsView();
  const rest = make("div", { class: "rest" });
  page.append(heading, bar, status, verdict, samples.element, charts.element, rest);
  return {
    say: (text) => status.textContent = text,
    show(report) {
      heading.replaceChildren(
        make("h1", {}, report.title),
        make("p", { class: "faint" }, `Run folder ${report.path}`),
        make("p", {}, stepsText(report)),
      );
      bar.max = Math.max(1, report.steps);
      bar.value = report.step;
      verdict.replaceChildren(...verdictParts(report));
      samples.update(report);
      charts.update(report);
      // What a reader has opened stays open
      const open = [...rest.querySelectorAll("details[open]")].map(({ dataset }) => dataset.name);
      rest.replaceChildren(...tablesOf(report));
      for (const details of rest.querySelectorAll("details")) {
        if (open.includes(details.dataset.name)) details.open = true;
      }
    },
  };
}

/** How far the run is, and when that was. */
function stepsText({ step, steps, best, written }) {
  const done = `Step ${step.toLocaleString("en-US")} of ${steps.toLocaleString("en-US")}`;
  const kept = best === null ? "" : `. The best checkpoint is that of step ${best.toLocaleString("en-US")}`;
  return `${done}${kept}. As of ${new Date(written).toLocaleString()}.`;
}

/** Takes the changes of a run from the server until it ends. */
function follow(view) {
  const source = new EventSource("events");
  let heard = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - heard > SILENCE) view.say("No news from the run for a while.");
  }, SILENCE / 3);
  const take = (event) => {
    heard = Date.now();
    if (event.data !== "") view.show(JSON.parse(event.data));
  };
  source.addEventListener("report", (event) => {
    take(event);
    view.say("Live: this page follows the run.");
  });
  source.addEventListener("alive", () => {
    heard = Date.now();
    view.say("Live: this page follows the run.");
  });
  source.addEventListener("end", (event) => {
    take(event);
    clearInterval(timer);
    source.close();
    view.say(
      "The run has stopped, and this page no longer changes. report.html in the run folder shows the same.",
    );
  });
  source.addEventListener("error", () => {
    view.say("No connection: the process that shows the run has stopped. This page tries to reach it again.");
  });
}

{
  const view = buildPage(document.getElementById("page"));
  view.show(JSON.parse(document.getElementById("report").textContent));
  if ("live" in document.documentElement.dataset) follow(view);
}

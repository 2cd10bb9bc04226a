import { host } from "../../host/host.ts";
import { escapeHtml, pictureHtml } from "../../pictures/notebook/html.ts";
import { encodePng } from "../../pictures/mod.ts";
import { panelsOf } from "../plot/panels.ts";
import { plotHistory } from "../plot/plot.ts";
import { MOST_BYTES } from "../report/pictures.ts";
import { type RunRead, RunReader } from "../report/run_reader.ts";
import { Shown } from "./shown.ts";

/** Pixels across of the curves, and down of each panel and of the rest. */
const [WIDTH, PANEL, REST] = [720, 140, 170];

/** What is said of a run besides its pictures. */
export interface RunNotes {
  /** A line above them. */
  readonly status: string;
  /** Sentences below them. */
  readonly below?: readonly string[];
}

/** A run folder as it is now: its latest samples and its curves. The text is only what is said. */
export async function runView(read: RunRead, { status, below = [] }: RunNotes): Promise<Shown> {
  const { path, config: { scoreBy, loss }, history, scored, grids } = read;
  const grid = grids.findLast(({ size }) => size <= MOST_BYTES);
  const samples = grid && await host().readFile(`${path}/${grid.name}`).catch(ifMissing);
  // One score is no curve
  const scores = scored.length > 1 ? scored : [];
  const panels = panelsOf(history, loss).length + (scores.length > 0 ? 1 : 0);
  const curves = await encodePng(
    plotHistory(history, { width: WIDTH, height: PANEL * panels + REST, scores, scoreBy, loss }),
  );
  const pictures = [
    ...samples ? [pictureHtml(samples, `Samples of step ${grid!.step}`)] : [],
    pictureHtml(curves, "Losses and probabilities over the steps"),
  ];
  const row = "display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start";
  const html = [
    `<p>${escapeHtml(status)}</p>`,
    `<div style="${row}">${pictures.join("")}</div>`,
    ...below.map((line) => `<p>${escapeHtml(line)}</p>`),
  ].join("");
  return new Shown({ text: notesText({ status, below }), html });
}

/** What is said of a run, without its pictures. */
export function notesText({ status, below = [] }: RunNotes): string {
  return [status, ...below].join("\n");
}

/** A run that is being cleaned up may lose a picture at any time. */
function ifMissing(error: unknown): undefined {
  if (host().problemOf(error) !== "NotFound") throw error;
}

/** A run folder as a notebook shows it. */
export async function showRun(path: string): Promise<Shown> {
  const read = await new RunReader(path).read();
  const { config, history, best, verdict } = read;
  const steps = `step ${history.ends?.[1] ?? 0} of ${config.steps}`;
  return await runView(read, {
    status: `${path}: ${config.data}, ${steps}${best === undefined ? "" : `, best at step ${best}`}`,
    below: verdict ? [`The scores say that ${verdict.sentence}.`] : [],
  });
}

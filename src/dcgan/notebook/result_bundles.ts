import { host } from "../../host/host.ts";
import { escapeHtml, pictureHtml, tableHtml } from "../../pictures/notebook/html.ts";
import { type MimeBundle, mimeBundle } from "../../pictures/notebook/mime_bundle.ts";
import type { Evaluation } from "../evaluate.ts";
import { MOST_BYTES } from "../report/pictures.ts";
import { scoreText } from "../report/report.ts";
import type { SampleResult } from "../sample.ts";
import { SCORE_NAMES, SCORES } from "../scores/score.ts";

/** Pictures that are shown of samples in files of their own. */
const MOST_FILES = 16;

/** What a notebook shows of scores: a table, and what they say. */
export function evaluationBundle({ run, step, samples, pictures, scores, verdict }: Evaluation): MimeBundle {
  const what = `${samples} samples of step ${step} of ${run}, against ${pictures} images of the data`;
  const said = `The scores say that ${verdict.sentence}. ${verdict.next}.`;
  const rows = SCORE_NAMES.filter((name) => scores[name]).map((name) => {
    const { title, best, meaning } = SCORES[name];
    return [title, scoreText(scores[name]), best, meaning];
  });
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    `  ${row.slice(0, 3).map((cell, i) => cell.padEnd(widths[i]!)).join("  ")}`
  );
  return mimeBundle({
    text: [what, ...lines.map((line) => line.trimEnd()), said].join("\n"),
    html: `<p>${escapeHtml(what)}</p>${tableHtml(rows, ["Score", "Value", "Good", "What it says"])}<p>${
      escapeHtml(said)
    }</p>`,
  });
}

/** What a notebook shows of samples: the pictures that were written, as far as there is room, and where they are. */
export async function sampleBundle({ paths, count, warnings }: SampleResult): Promise<MimeBundle> {
  const [first = ""] = paths;
  const where = paths.length > 1 ? `${first} and ${paths.length - 1} other files` : first;
  const lines = [`${count} ${count === 1 ? "sample" : "samples"} in ${where}`, ...warnings];
  const pictures = await picturesAt(paths.filter((path) => path.endsWith(".png")).slice(0, MOST_FILES));
  const html = [
    ...pictures.map((png) => pictureHtml(png, "Samples")),
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
  ].join("\n");
  return mimeBundle({ text: lines.join("\n"), html, png: pictures[0] });
}

/** Pictures up to what a page may hold; those that were removed since are left out. */
async function picturesAt(paths: readonly string[]): Promise<Uint8Array[]> {
  const pictures: Uint8Array[] = [];
  let room = MOST_BYTES;
  for (const path of paths) {
    const found = await host().stat(path).catch(ifMissing);
    if (!found || (room -= found.size) < 0) continue;
    pictures.push(await host().readFile(path));
  }
  return pictures;
}

function ifMissing(error: unknown): undefined {
  if (host().problemOf(error) !== "NotFound") throw error;
}

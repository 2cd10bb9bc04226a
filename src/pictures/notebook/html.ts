import { base64 } from "../bytes.ts";
import { readPictureHeader } from "../headers/read_header.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML, in elements and in attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Pixels across that small pictures are shown with, more or less. */
const USUAL_WIDTH = 384;

/**
 * A PNG as HTML. Small pictures are shown larger, by a whole number, with sharp pixels.
 *
 * @param alt What it shows.
 */
export function pictureHtml(png: Uint8Array, alt: string): string {
  const { width } = readPictureHeader(png);
  const shown = width * Math.max(1, Math.round(USUAL_WIDTH / width));
  const style = `width:${shown}px;max-width:100%;image-rendering:${shown > width ? "pixelated" : "auto"}`;
  return `<img alt="${escapeHtml(alt)}" style="${style}" src="data:image/png;base64,${base64(png)}">`;
}

/** Rows of text as an HTML table. Notebooks have styles of their own for tables, light and dark. */
export function tableHtml(rows: readonly (readonly string[])[], titles: readonly string[] = []): string {
  const left = 'style="text-align:left"';
  const row = (cells: readonly string[], tag: "th" | "td"): string =>
    `<tr>${cells.map((cell) => `<${tag} ${left}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const head = titles.length === 0 ? "" : `<thead>${row(titles, "th")}</thead>`;
  return `<table>${head}<tbody>${rows.map((cells) => row(cells, "td")).join("")}</tbody></table>`;
}

import { printable } from "../terminal/printable.ts";

/** Spaces between columns. */
const GAP = 2;

/** Letters that a shortened cell keeps at least. */
const LEAST = 8;

/**
 * Rows as a table with titles that is no wider than a number of columns: cells of some columns lose their
 * beginning, the widest first. If that is not enough, lines are wider.
 *
 * @param rows The titles first.
 * @param shortened Columns whose cells may be shortened.
 */
export function fitTable(
  rows: readonly (readonly string[])[],
  columns: number,
  shortened: readonly number[],
): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const total = () => widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1));
  while (total() > columns) {
    const widest = shortened.reduce((a, b) => widths[b]! > widths[a]! ? b : a);
    if (widths[widest]! <= LEAST) break;
    widths[widest]!--;
  }
  return cells.map((row) => {
    const line = row.map((cell, i) => shorten(cell, widths[i]!).padEnd(widths[i]!)).join(" ".repeat(GAP));
    return `${line.trimEnd()}\n`;
  }).join("");
}

/** A text in a number of letters, without its beginning if it is longer: paths differ at their ends. */
function shorten(text: string, letters: number): string {
  return text.length <= letters ? text : `…${text.slice(text.length - letters + 1)}`;
}

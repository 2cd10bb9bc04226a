/** Numbers and tables as the command line shows them. */
import { printable } from "./printable.ts";

/** Seconds as `42 s`, `3 min 05 s` or `2 h 07 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole % 3600 / 60))} min`;
}

/** A number with three digits that count, as `0.512`, `41.3` or `1234`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = value === 0 ? 2 : 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(3, Math.max(0, digits)));
}

/** A count in thousands or millions: `3.58 M`. */
export function count(value: number): string {
  if (value >= 1e6) return `${figure(value / 1e6)} M`;
  return value >= 1e3 ? `${figure(value / 1e3)} k` : String(value);
}

/** How many of something there are: `1 image`, `64 images`. */
export function counted(value: number, one: string): string {
  return `${value} ${one}${value === 1 ? "" : "s"}`;
}

/** As many parts of a line, from the first, as fit a number of columns whole; the first is cut if it must be. */
export function fitParts(parts: readonly string[], columns: number): string {
  const gap = "  ";
  let line = (parts[0] ?? "").slice(0, Math.max(0, columns));
  for (const part of parts.slice(1)) {
    if (line.length + gap.length + part.length > columns) break;
    line += gap + part;
  }
  return line;
}

/** A number of bytes: `128 MiB`. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? value : figure(value)} ${units[unit]}`;
}

/** A space that no line is broken at; it is written as any other. */
export const NO_BREAK = "\u00a0";

/** Characters of a line of a cell at least, however narrow the terminal is. */
const LEAST_COLUMNS = 20;

/**
 * Rows of cells as lines of aligned columns.
 *
 * @param indent What every line starts with.
 * @param columns Width in which the last cell of a row is broken into lines, between words.
 */
export function table(rows: readonly (readonly string[])[], indent = "  ", columns = Infinity): string {
  const widths: number[] = [];
  // Cells may hold what others have named
  rows = rows.map((row) => row.map(printable));
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, i) => widths[i] = Math.max(widths[i] ?? 0, cell.length));
  }
  return rows.map((row) => {
    const start = indent + row.slice(0, -1).map((cell, i) => `${cell.padEnd(widths[i]!)}  `).join("");
    const lines = wrap(row.at(-1) ?? "", Math.max(LEAST_COLUMNS, columns - start.length));
    return lines.map((line, i) => `${i === 0 ? start : " ".repeat(start.length)}${line}`.trimEnd() + "\n")
      .join("");
  }).join("");
}

/** The lines of a text, broken between words. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines.map((line) => line.replaceAll(NO_BREAK, " "));
}

/** A table with titles: the first column to the left, all others to the right. */
export function alignColumns(rows: readonly (readonly string[])[], gap = "   "): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join(gap).trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join(gap);
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join("\n") + "\n";
}

import { COMPILERS } from "../compile/compilers.ts";
import { goalsOf } from "./goals.ts";
import { OTHERS } from "./rows.ts";
import type { Row, Table } from "./table.ts";

const TRAINING = /^[A-Z]\d*$/;

/** The state of a table, as tables in Markdown. */
export function formatMarkdown(table: Table): string {
  return [cards(table), kernels(table), goals(table)].join("\n");
}

function cards({ cards }: Table): string {
  const workloads = Object.keys(Object.values(cards)[0] ?? {}).filter((name) => TRAINING.test(name));
  const rows = Object.entries(cards).map(([card, rows]) => [
    card,
    ...workloads.map((name) => `${rows[name]!.launches}, ${rows[name]!.underfilled}%`),
  ]);
  return markdownTable(["Launches, share in too few threads", ...workloads], rows);
}

/** The kernels that each compiler's own family runs in f32. */
function kernels(table: Table): string {
  const columns = COMPILERS.map(({ name, compilesFor, families: [own] }) => ({
    title: `${compilesFor}, ${table.drivers[name]}`,
    rows: table.kernels[name]?.[`${own} f32`] ?? {},
  })).filter(({ rows }) => Object.keys(rows).length > 0);
  const labels = [...new Set(columns.flatMap(({ rows }) => Object.keys(rows)))]
    .sort((one, other) => Number(one === OTHERS) - Number(other === OTHERS) || (one < other ? -1 : 1));
  const rows = labels.map((label) => [label, ...columns.map(({ rows }) => cell(rows[label]))]);
  return markdownTable(["Default kernel, f32", ...columns.map(({ title }) => title)], rows);
}

function cell(row: Row | undefined): string {
  if (!row) return "";
  const { registers, spills, loop, width } = row;
  return [
    ...(registers === undefined ? [] : [`${registers} registers`]),
    ...(width === undefined ? [] : [`${width} wide`]),
    ...(loop === undefined ? [] : [`loop ${loop}`]),
    ...(spills === 0 ? [] : [`**${spills} spills**`]),
  ].join(", ") || "no spills";
}

function goals(table: Table): string {
  const rows = goalsOf(table).map(({ what, found, goal }) => [what, `${found}`, `${goal}`]);
  return markdownTable(["Goal", "Worst", "Should be"], rows);
}

function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

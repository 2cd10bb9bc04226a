import { alignColumns } from "../../../src/cli/terminal/text.ts";
import type { Findings } from "../check.ts";
import { type Goal, goalsOf } from "./goals.ts";
import type { Rows, Table } from "./table.ts";

/** What was found, as tables for people. */
export function formatFindings({ table, texts }: Findings): string {
  return [
    cardsTable(table),
    ...tablesOf(table, "kernels"),
    ...tablesOf(table, "variants"),
    goalsTable(goalsOf(table)),
    Object.entries(texts).map(([part, count]) => `${part} was given ${count} kernels.\n`).join(""),
  ].filter((part) => part !== "").join("\n");
}

/** Launches, and the share of the work done by too few threads. */
function cardsTable({ cards }: Table): string {
  const workloads = Object.keys(Object.values(cards)[0] ?? {});
  if (workloads.length === 0) return "";
  const rows = Object.entries(cards).map(([card, rows]) => [
    card,
    ...workloads.map((name) => `${rows[name]!.launches} / ${`${rows[name]!.underfilled}`.padStart(2)} %`),
  ]);
  return "Launches, and the share of the work that is done by fewer threads than the card has lanes\n" +
    alignColumns([["card", ...workloads], ...rows]);
}

function tablesOf(table: Table, part: "kernels" | "variants"): string[] {
  return Object.entries(table[part]).flatMap(([compiler, groups]) =>
    Object.entries(groups).map(([group, rows]) => rowsTable(`${compiler}, ${group}`, rows))
  );
}

function rowsTable(title: string, rows: Rows): string {
  const units = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  const cells = Object.entries(rows).map((
    [name, row],
  ) => [name, ...units.map((unit) => `${row[unit] ?? ""}`)]);
  return alignColumns([[title, ...units], ...cells]);
}

function goalsTable(goals: readonly Goal[]): string {
  if (goals.length === 0) return "";
  const rows = goals.map((
    { what, found, goal },
  ) => [what, `${found}`, `${goal}`, found <= goal ? "yes" : "not yet"]);
  return alignColumns([["goal", "worst", "should be", "reached"], ...rows]);
}

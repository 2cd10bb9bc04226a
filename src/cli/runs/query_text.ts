import type { QueryResult } from "../../dcgan/runs/query_runs.ts";
import { optionOfField } from "../../dcgan/runs/run_field.ts";
import { fitTable } from "./fit_table.ts";
import { numberText, optionText } from "./value_text.ts";

/** The runs that a query found, a line each. */
export function queryText({ fields, runs }: QueryResult, columns: number): string {
  if (runs.length === 0) return "No run meets all conditions.\n";
  const shown = fields.includes("run") ? fields : ["run", ...fields];
  const rows = runs.map(({ run, values }) => shown.map((field) => cellOf(field, { ...values, run }[field])));
  return fitTable([shown, ...rows], columns, shown.map((_, i) => i));
}

/** Measured numbers are rounded, and options are as they were given. */
function cellOf(field: string, value: unknown): string {
  const isMeasured = typeof value === "number" && !Number.isInteger(value) && !optionOfField(field);
  return isMeasured ? numberText(value) : optionText(field, value);
}

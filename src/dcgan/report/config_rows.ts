import type { TrainConfig } from "../options/config.ts";
import { optionNames, optionTable } from "../options/option_table.ts";
import type { OptionSpec } from "../options/option.ts";

/** An option of a run. */
export interface ConfigRow {
  /** Its name in scripts and in `config.json`. */
  readonly name: string;
  /** Its value. */
  readonly value: string;
  /** Its default; undefined if that follows from other things. */
  readonly default?: string;
  /** What it is. */
  readonly summary: string;
}

/** The options of a run: those that differ from their defaults, and the others. */
export function configRows(config: TrainConfig): { different: ConfigRow[]; same: ConfigRow[] } {
  const rows = { different: [] as ConfigRow[], same: [] as ConfigRow[] };
  for (const name of optionNames) {
    // The folder may lie elsewhere by now
    if (!Object.hasOwn(config, name) || name === "out") continue;
    const spec: OptionSpec<unknown> = optionTable[name];
    const value = valueText(Reflect.get(config, name));
    const usual = spec.default === undefined ? undefined : valueText(spec.default);
    const row = {
      name,
      value,
      ...usual === undefined ? {} : { default: usual },
      summary: spec.summary,
    };
    rows[value === usual ? "same" : "different"].push(row);
  }
  return rows;
}

function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  const text = JSON.stringify(value);
  return text === "{}" ? "none" : text;
}

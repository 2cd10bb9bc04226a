import { ConfigError, optionProblem, quote } from "../options/config_issue.ts";
import { optionTable } from "../options/option_table.ts";
import { settled } from "../schedules/scheduled_values.ts";
import { FIELD_NAMES, fieldOf, optionOfField } from "./run_field.ts";

/** How a field is compared. */
type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** A condition on a field of runs, such as `patchGap<20`. */
export interface Condition {
  /** The field. */
  readonly field: string;
  /** Whether its value in a run meets it. A run without a value meets none. */
  readonly holds: (value: unknown) => boolean;
}

const FORM = /^\s*([A-Za-z][\w-]*)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*$/s;

/**
 * Reads a condition.
 *
 * @throws {ConfigError} if there is no such field, or it is compared with what it can never be.
 */
export function parseCondition(text: string): Condition {
  const [, name, operator, wanted] = (FORM.exec(text) ?? []) as [string?, string?, Operator?, string?];
  if (name === undefined || operator === undefined || wanted === undefined || wanted === "") {
    return refuse("where", `must be a field, an operator and a value, such as size=64, found ${quote(text)}`);
  }
  const field = expectField(name, "where");
  if (operator === "=" || operator === "!=") {
    const key = keyOf(readValue(field, wanted));
    const isWanted = operator === "=";
    return { field, holds: (value) => value !== undefined && (keyOf(value) === key) === isWanted };
  }
  const limit = field === "written" ? wanted : Number(wanted);
  if (typeof limit === "number" && !Number.isFinite(limit)) {
    return refuse("where", `must compare with a number after ${operator}, found ${quote(text)}`);
  }
  return {
    field,
    holds: (value) => typeof value === typeof limit && compares(value as number, operator, limit as number),
  };
}

/**
 * The field of a name.
 *
 * @param option The option that names it, for messages.
 * @throws {ConfigError} if there is none.
 */
export function expectField(name: string, option: string): string {
  return fieldOf(name) ??
    refuse(option, `must name a field, found ${quote(name)}; allowed are ${FIELD_NAMES.join(", ")}`);
}

/** What a text means for a field: of an option as the command line reads it. */
function readValue(field: string, text: string): unknown {
  const option = optionOfField(field);
  if (option === undefined) return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  const value = settled(option, optionTable[option].fromText(text));
  const problem = optionProblem(option, value);
  return problem === undefined ? value : refuse("where", `${field} ${problem}`);
}

/** What values that are the same have in common. */
function keyOf(value: unknown): string {
  return JSON.stringify(value);
}

function compares<T extends number | string>(value: T, operator: Operator, limit: T): boolean {
  if (operator === "<") return value < limit;
  if (operator === "<=") return value <= limit;
  return operator === ">" ? value > limit : value >= limit;
}

function refuse(option: string, problem: string): never {
  throw new ConfigError("Cannot query runs", [{ option, problem }]);
}

import * as v from "valibot";
import type { OptionKind } from "../../options/option.ts";

/** What a parameter of a request may be. */
export interface Parameter<T> {
  /** Its values. */
  readonly kind: OptionKind<T>;
  /** How its text must look, before its kind reads it: stricter than what numbers may look like elsewhere. */
  readonly form?: RegExp;
  /** Whether it may be given several times; its value is a list then. */
  readonly isRepeated?: boolean;
}

/** Whole numbers without a sign, and those with a fraction. */
export const DIGITS = /^\d{1,10}$/;
export const DECIMAL = /^\d{1,10}(\.\d{1,17})?$/;

/** A request that asks for what cannot be. The message is one sentence for who asks. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}

/** What a query gives for its parameters. */
export type Read<Kinds extends Readonly<Record<string, Parameter<unknown>>>> = {
  -readonly [Name in keyof Kinds]?: Kinds[Name] extends Parameter<infer T> ? T : never;
};

/**
 * Reads the query of a request.
 *
 * @param action What cannot be done with a wrong one, to follow "Cannot".
 * @throws {QueryError} if a parameter is unknown, given twice, or not allowed.
 */
export function readQuery<const Kinds extends Readonly<Record<string, Parameter<unknown>>>>(
  action: string,
  query: string,
  kinds: Kinds,
): Read<Kinds> {
  const refuse = (problem: string): never => {
    throw new QueryError(`Cannot ${action}: ${problem}`);
  };
  const read: Record<string, unknown> = {};
  const texts = new Map<string, string[]>();
  for (const [name, text] of new URLSearchParams(query)) texts.set(name, [...texts.get(name) ?? [], text]);
  for (const [name, given] of texts) {
    const parameter = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!parameter) {
      return refuse(`parameter ${shown(name)} is unknown. Give any of ${Object.keys(kinds).join(", ")}`);
    }
    const { kind, form, isRepeated = false } = parameter;
    if (given.length > 1 && !isRepeated) return refuse(`"${name}" must be given once, found ${given.length}`);
    const [text] = given as [string];
    // A form on a page sends the fields that were left empty too
    if (text === "" && given.length === 1) continue;
    const value = isRepeated ? given : kind.fromText(text);
    if (form?.test(text) === false || !v.is(kind.schema, value)) {
      return refuse(`"${name}" must be ${kind.allowed}, found ${shown(given.join(" and "))}`);
    }
    read[name] = value;
  }
  return read as Read<Kinds>;
}

/** Characters of a wrong value that are shown. */
const SHOWN = 40;

/** A text as JSON has it, so that nothing in it moves a terminal's cursor; the start of a long one. */
function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text)
    .replaceAll(
      /[\x7f-\x9f\u2028\u2029]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

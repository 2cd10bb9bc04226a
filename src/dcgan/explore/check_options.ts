import * as v from "valibot";
import { expectKnownOptions } from "../../gpu/mod.ts";
import { quote } from "../options/config_issue.ts";
import type { OptionKind } from "../options/option.ts";

/** What each option of a function may be; null if that is not for a kind to say. */
export type OptionKinds<T> = Readonly<Record<keyof T, OptionKind<unknown> | null>>;

/**
 * Rejects unknown options, and values that are not allowed. An option that is not given is left to the
 * function.
 *
 * @param name The function, `sample()`.
 * @param action What it cannot do with them, to follow "Cannot".
 * @param required Options that must be given.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if a value is not allowed.
 */
export function checkOptions<T extends object>(
  name: string,
  action: string,
  options: T,
  kinds: OptionKinds<T>,
  required: readonly (keyof T)[] = [],
): void {
  const known = Object.fromEntries(Object.keys(kinds).map((option) => [option, true as const]));
  expectKnownOptions<object>(name, options, known);
  for (const [option, kind] of Object.entries<OptionKind<unknown> | null>(kinds)) {
    const value: unknown = options[option as keyof T];
    if (kind === null || value === undefined && !required.includes(option as keyof T)) continue;
    if (v.is(kind.schema, value)) continue;
    throw new RangeError(`Cannot ${action}: "${option}" must be ${kind.allowed}, found ${quote(value)}`);
  }
}

import * as v from "valibot";
import { expectKnownOptions } from "../../../gpu/mod.ts";
import { quote } from "../../options/config_issue.ts";
import type { OptionKind } from "../../options/option.ts";

/** What each option of a function may be; null for those that hold functions, signals and the like. */
export type OptionKinds<O> = Readonly<Record<keyof O, OptionKind<unknown> | null>>;

/**
 * Refuses options that do not exist, and values that are not allowed.
 *
 * @param experiment The function that takes them.
 * @throws {TypeError} if there is no such option.
 * @throws {RangeError} if a value is not allowed.
 */
export function checkOptions<O extends object>(experiment: string, options: O, kinds: OptionKinds<O>): void {
  const names = Object.fromEntries(Object.keys(kinds).map((name) => [name, true as const]));
  expectKnownOptions<object>(`${experiment}()`, options, names);
  for (const [name, kind] of Object.entries<OptionKind<unknown> | null>(kinds)) {
    const value: unknown = options[name as keyof O];
    if (kind === null || value === undefined || v.is(kind.schema, value)) continue;
    throw new RangeError(
      `Cannot run ${experiment}(): "${name}" must be ${kind.allowed}, found ${quote(value)}`,
    );
  }
}

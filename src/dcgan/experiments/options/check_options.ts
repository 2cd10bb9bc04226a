import { checkOptions as check, type OptionKinds } from "../../explore/check_options.ts";

/**
 * Refuses options that do not exist, and values that are not allowed.
 *
 * @param experiment The function that takes them.
 * @throws {TypeError} if there is no such option.
 * @throws {RangeError} if a value is not allowed.
 */
export function checkOptions<O extends object>(experiment: string, options: O, kinds: OptionKinds<O>): void {
  check(`${experiment}()`, `run ${experiment}()`, options, kinds);
}

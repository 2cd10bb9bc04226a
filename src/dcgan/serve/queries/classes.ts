import { chooseClasses, type ChosenClasses } from "../../sampling/choose_classes.ts";
import type { Served } from "../served.ts";
import { QueryError } from "./read_query.ts";

/**
 * The classes that a request asks for.
 *
 * @throws {QueryError} if there is no such class, or the generator knows none.
 */
export function classesOf(
  { classes, run }: Served,
  wanted: readonly (string | number)[] | undefined,
): ChosenClasses {
  try {
    return chooseClasses(classes, wanted, run);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new QueryError(error.message);
  }
}

/** Samples of each class that are drawn if their number is not given. */
const EACH = 8;

/** Samples that are drawn without classes if their number is not given. */
const COUNT = 64;

/** Which classes are drawn. */
export interface ChosenClasses {
  /** Their numbers, which samples take in turn; undefined if the generator knows no classes. */
  readonly labels?: readonly number[];
  /** How many samples are drawn if that is not given. */
  readonly count: number;
}

/**
 * The numbers of the classes that samples are drawn of.
 *
 * @param names Those of the generator; undefined if it knows none.
 * @param wanted Names, or numbers from 0 on; all if not given. A text that is no name may be a number.
 * @param source The generator, for messages.
 * @throws {RangeError} if there is no such class, or there are none at all.
 */
export function chooseClasses(
  names: readonly string[] | undefined,
  wanted: readonly (string | number)[] | undefined,
  source: string,
): ChosenClasses {
  if (!names) {
    if (wanted === undefined) return { count: COUNT };
    throw new RangeError(
      `Cannot sample: "classes" needs a conditional generator, found one without classes in ${source}. ` +
        "Train one with --conditional",
    );
  }
  const labels = wanted?.map((one) => numberOf(one, names)) ?? names.map((_, at) => at);
  return { labels, count: EACH * labels.length };
}

function numberOf(wanted: string | number, names: readonly string[]): number {
  const named = names.indexOf(`${wanted}`);
  if (typeof wanted === "string" && named >= 0) return named;
  const number = typeof wanted === "string" && !/^\d+$/.test(wanted) ? NaN : Number(wanted);
  if (names[number] !== undefined) return number;
  const some = names.slice(0, 8).map((name) => JSON.stringify(name)).join(", ");
  throw new RangeError(
    `Cannot sample: "classes" must be names or numbers of the ${names.length} classes ${some}${
      names.length > 8 ? ", ..." : ""
    }, found ${JSON.stringify(wanted)}`,
  );
}

/** The names of all options of an interface: the compiler reports one that is missing or unknown. */
export type OptionNames<O> = { readonly [Name in keyof Required<O>]: true };

/**
 * Throws if an unknown option was given: it would have no effect, without a warning. An option
 * that is undefined counts as not given.
 *
 * @param subject What takes the options, to begin the message with: `"Adam"`.
 * @throws {TypeError} naming the option, with the one that was probably meant, or all that exist.
 */
export function expectKnownOptions<O extends object>(
  subject: string,
  options: O | undefined,
  names: OptionNames<O>,
): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`The options of ${subject} must be an object, found ${String(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const meant = closest(name, known);
    const hint = meant === undefined ? `Its options are ${known.join(", ")}` : `Did you mean '${meant}'?`;
    throw new TypeError(`${subject} has no option '${name}'. ${hint}`);
  }
}

/** What was probably meant: the known name with the fewest letters to change, if these are few. */
function closest(word: string, known: readonly string[]): string | undefined {
  const wanted = plain(word);
  const [best] = known
    .map((name) => ({ name, changes: lettersToChange(wanted, plain(name)) }))
    .sort((a, b) => a.changes - b.changes);
  return best && best.changes <= Math.min(2, wanted.length - 1) ? best.name : undefined;
}

/** `weight_decay` and `weightDecay` are one word. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, "");
}

/** Letters to change, add or drop to get from one word to the other. */
function lettersToChange(from: string, to: string): number {
  let costs = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const next = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const change = costs[column]! + (letter === other ? 0 : 1);
      next.push(Math.min(change, costs[column + 1]! + 1, next[column]! + 1));
    }
    costs = next;
  }
  return costs.at(-1)!;
}

/** A choice of one value for each name. */
export type Choice<T extends Readonly<Record<string, readonly unknown[]>>> = {
  -readonly [K in keyof T]: T[K][number];
};

/**
 * Few choices in which each two values of different names occur together at least once. The same ones each time: the
 * next choice is the one, of all, with most pairs that none before it has.
 */
export function pairwise<const T extends Readonly<Record<string, readonly unknown[]>>>(
  values: T,
): Choice<T>[] {
  const names = Object.keys(values);
  let all: number[][] = [[]];
  for (const name of names) all = all.flatMap((one) => values[name]!.map((_, i) => [...one, i]));
  const pairsOf = (one: readonly number[]): string[] =>
    one.flatMap((a, i) => one.slice(i + 1).map((b, j) => `${i}:${a} ${i + 1 + j}:${b}`));
  const open = new Set(all.flatMap(pairsOf));
  const chosen: Choice<T>[] = [];
  while (open.size > 0) {
    const fresh = (one: readonly number[]): number => pairsOf(one).filter((pair) => open.has(pair)).length;
    const best = all.reduce((most, one) => fresh(one) > fresh(most) ? one : most);
    for (const pair of pairsOf(best)) open.delete(pair);
    chosen.push(Object.fromEntries(names.map((name, i) => [name, values[name]![best[i]!]])) as Choice<T>);
  }
  return chosen;
}

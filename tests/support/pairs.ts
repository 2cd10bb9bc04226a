/** A choice of one value for each name. */
export type Choice<T extends Readonly<Record<string, readonly unknown[]>>> = {
  -readonly [K in keyof T]: T[K][number];
};

/**
 * Few choices in which each two values of different names occur together at least once. The same ones each time: each
 * begins with the first pair that is still open, and gives every other name the value with most open pairs (Cohen et al.
 * 1997, "The AETG System", without its random order), of several the one that was taken least.
 */
export function pairwise<const T extends Readonly<Record<string, readonly unknown[]>>>(
  values: T,
): Choice<T>[] {
  const names = Object.keys(values);
  const pair = (i: number, a: number, j: number, b: number) =>
    i < j ? `${i}:${a} ${j}:${b}` : `${j}:${b} ${i}:${a}`;
  const open = new Map<string, readonly [name: number, value: number][]>();
  for (const i of names.keys()) {
    for (let j = i + 1; j < names.length; j++) {
      for (const a of values[names[i]!]!.keys()) {
        for (const b of values[names[j]!]!.keys()) open.set(pair(i, a, j, b), [[i, a], [j, b]]);
      }
    }
  }
  const chosen: Choice<T>[] = [];
  const uses = names.map((name) => values[name]!.map(() => 0));
  while (open.size > 0) {
    const one = new Map(open.values().next().value!);
    for (const [i, name] of names.entries()) {
      if (one.has(i)) continue;
      const fresh = (a: number) => [...one].filter(([j, b]) => open.has(pair(i, a, j, b))).length;
      const isBetter = (a: number, b: number) =>
        fresh(a) > fresh(b) || fresh(a) === fresh(b) && uses[i]![a]! < uses[i]![b]!;
      const best = [...values[name]!.keys()].reduce((most, a) => isBetter(a, most) ? a : most);
      one.set(i, best);
    }
    for (const [i, a] of one) {
      uses[i]![a]!++;
      for (const [j, b] of one) open.delete(pair(i, a, j, b));
    }
    chosen.push(Object.fromEntries(names.map((name, i) => [name, values[name]![one.get(i)!]])) as Choice<T>);
  }
  return chosen;
}

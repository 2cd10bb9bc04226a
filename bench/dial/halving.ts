/** A part of the budget, and how many take it. */
export interface Round {
  /** Share of the budget at the end of the round. */
  readonly share: number;
  /** Most that take part. */
  readonly keep: number;
}

/**
 * Successive halving (Jamieson and Talwalkar 2016): all take the first share of the budget, the best go on to the next. A
 * candidate that is always kept goes through all rounds beside them.
 *
 * @param train Trains a candidate up to a share of the budget, and returns its score: low is good. A score that is not a
 * number counts as the worst.
 * @returns The scores of each candidate, a round each.
 */
export async function halve<T>(
  candidates: readonly T[],
  always: readonly T[],
  rounds: readonly Round[],
  train: (candidate: T, share: number) => Promise<number>,
): Promise<Map<T, number[]>> {
  const scores = new Map<T, number[]>([...always, ...candidates].map((one) => [one, []]));
  const last = (one: T) => {
    const score = scores.get(one)!.at(-1) ?? 0;
    return Number.isNaN(score) ? Infinity : score;
  };
  let left = [...candidates];
  for (const { share, keep } of rounds) {
    left = left.toSorted((a, b) => last(a) - last(b)).slice(0, keep);
    for (const one of [...always, ...left]) scores.get(one)!.push(await train(one, share));
  }
  return scores;
}

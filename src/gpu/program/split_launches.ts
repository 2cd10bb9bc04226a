/**
 * Cuts a list of launches into runs of launches that cost no more than `most` each. A launch that costs more is a
 * run of its own.
 *
 * @param costs What each launch costs.
 * @returns Where each run ends: the place after its last launch.
 */
export function splitLaunches(costs: readonly number[], most: number): number[] {
  const ends: number[] = [];
  let sum = 0;
  for (const [at, cost] of costs.entries()) {
    if (sum > 0 && sum + cost > most) {
      ends.push(at);
      sum = 0;
    }
    sum += cost;
  }
  return [...ends, costs.length];
}

/** Numbers in `[low, high)` that are the same for the same seed (mulberry32), each one exact in 32 bits. */
export function randomValues(
  count: number,
  seed: number,
  [low, high]: readonly [number, number],
): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.fround(low + (high - low) * ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32);
  });
}

import { loopIterations } from "../kernel/iterations.ts";
import { range } from "./kernels/unroll.ts";

/** Parts that a thread loads before it adds them up, so that it waits for memory once. */
export const PARTS_AT_ONCE = 8;

/** The parts of a sum that are added up by rounds, before the rest. */
export function partsInRounds(splits: number, atOnce = PARTS_AT_ONCE): number {
  return splits - splits % atOnce;
}

/**
 * WGSL that adds parts to `sum`, in order. Each is what `part` reads, of its number.
 *
 * @param rounds WGSL of {@linkcode partsInRounds}.
 * @param atOnce Parts that are loaded before they are added up.
 */
export function addingParts(
  splits: number,
  rounds: string,
  part: (number: string) => string,
  atOnce = PARTS_AT_ONCE,
): string {
  const rest = splits % atOnce;
  const add = (first: string, count: number) =>
    [
      ...range(count).map((i) => `let part${i} = ${part(`(${first} + ${i}u)`)};`),
      `sum = ${range(count).reduce((sum, i) => `(${sum} + part${i})`, "sum")};`,
    ].join("\n    ");
  return `  for (var first = 0u; first < ${rounds}; first += ${atOnce}u) {
    ${add("first", atOnce)}
  }
  ${rest > 0 ? add(rounds, rest) : ""}`;
}

/** Iterations of {@linkcode addingParts}. */
export function partsIterations(splits: number, atOnce = PARTS_AT_ONCE): number {
  return loopIterations(partsInRounds(splits, atOnce) / atOnce);
}

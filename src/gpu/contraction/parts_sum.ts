import { loopIterations } from "../kernel/iterations.ts";
import { range } from "./kernels/unroll.ts";

/** Parts that a thread loads before it adds them up, so that it waits for memory once. */
export const PARTS_AT_ONCE = 8;

/** The parts of a sum that are added up by rounds of {@linkcode PARTS_AT_ONCE}, before the rest. */
export function partsInRounds(splits: number): number {
  return splits - splits % PARTS_AT_ONCE;
}

/** WGSL that adds parts to `sum`, in order. Each is what `part` reads, of its number. */
export function addingParts(splits: number, rounds: string, part: (number: string) => string): string {
  const rest = splits % PARTS_AT_ONCE;
  const add = (first: string, count: number) =>
    [
      ...range(count).map((i) => `let part${i} = ${part(`(${first} + ${i}u)`)};`),
      `sum = ${range(count).reduce((sum, i) => `(${sum} + part${i})`, "sum")};`,
    ].join("\n    ");
  return `  for (var first = 0u; first < ${rounds}; first += ${PARTS_AT_ONCE}u) {
    ${add("first", PARTS_AT_ONCE)}
  }
  ${rest > 0 ? add(rounds, rest) : ""}`;
}

/** Iterations of {@linkcode addingParts}. */
export function partsIterations(splits: number): number {
  return loopIterations(partsInRounds(splits) / PARTS_AT_ONCE);
}

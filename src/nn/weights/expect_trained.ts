import type { Parameter } from "../module.ts";

/**
 * Throws if there is nothing to train, as all parameters of a network are frozen, or it has none.
 *
 * @param does What cannot be done then, to follow "Cannot".
 * @param network Which network it is.
 * @throws {RangeError} saying so.
 */
export function expectTrained(
  { parameters }: { readonly parameters: ReadonlyMap<string, Parameter> },
  does: string,
  network = "network",
): void {
  if (parameters.values().some(({ frozen }) => !frozen)) return;
  const [found, advice] = parameters.size === 0
    ? ["none", "Give it a layer with some"]
    : [`all ${parameters.size} frozen`, "Freeze fewer of its layers"];
  throw new RangeError(
    `Cannot ${does}: the ${network} must have a parameter to train, found ${found}. ${advice}`,
  );
}

import type { CaseDescription } from "../manifest.ts";

/** The smallest case of each op: they go through every kernel, and take a small part of the time of all. */
export function quickCases(cases: readonly CaseDescription[]): CaseDescription[] {
  const smallest = new Map<string, CaseDescription>();
  for (const description of cases) {
    const known = smallest.get(description.op);
    if (!known || elementsOf(description) < elementsOf(known)) smallest.set(description.op, description);
  }
  return [...smallest.values()];
}

function elementsOf({ tensors }: CaseDescription): number {
  return Object.values(tensors).reduce(
    (sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
}

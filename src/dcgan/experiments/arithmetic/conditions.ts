import { type Condition, conditionsOf, type Group } from "../../explore/arithmetic/groups.ts";
import { columnOfCondition } from "../../explore/arithmetic/choose_exemplars.ts";
import type { Factor } from "../../explore/directions/factors.ts";
import type { Rows } from "../../explore/directions/least_squares.ts";

/** What the three groups have in common, and what the sum should have. */
export interface Terms {
  /** What samples of each group have in common. */
  readonly groups: readonly [a: readonly Condition[], b: readonly Condition[], c: readonly Condition[]];
  /** What `a` has and `b` has not: the sum should have it. */
  readonly added: readonly Condition[];
  /** What `c` has besides: the sum should keep it. */
  readonly kept: readonly Condition[];
}

/**
 * What `a - b + c` should be, by the conditions of its groups: with glasses and short hair, minus without
 * glasses and short hair, plus without glasses and long hair is with glasses and long hair.
 *
 * @throws {RangeError} if a group is of places of samples, or `a` has nothing that `b` lacks.
 */
export function termsOf(a: Group, b: Group, c: Group): Terms {
  const groups = [a, b, c].map((group, at) => {
    const conditions = conditionsOf(group);
    if (conditions) return conditions;
    throw new RangeError(
      `Cannot count what sums have: "${
        "abc"[at]
      }" must say what its samples have in common, as glasses=round, found ` +
        `${group.join(", ")}. arithmetic() adds and subtracts samples by their places`,
    );
  }) as unknown as Terms["groups"];
  const [first, second, third] = groups;
  const added = first.filter((one) => !second.some((other) => isSame(one, other)));
  if (added.length === 0) {
    throw new RangeError(
      'Cannot count what sums have: "a" must have something that "b" has not, found the same',
    );
  }
  const kept = third.filter(({ label }) => !added.some((one) => one.label === label));
  return { groups, added, kept };
}

function isSame(one: Condition, other: Condition): boolean {
  return one.label === other.label && one.value === other.value;
}

/** As it is written: `glasses=round`. */
export function textOf(conditions: readonly Condition[]): string {
  return conditions.map(({ label, value }) => `${label}=${value}`).join(", ");
}

/**
 * Which pictures meet conditions, by what a network reads off them: a class that is likelier than all others together, a
 * number above or below the dataset's mean.
 */
export function meeting(
  conditions: readonly Condition[],
  { data, count, dimensions }: Rows,
  factors: readonly Factor[],
  source: string,
): boolean[] {
  const columns = conditions.map((one) => columnOfCondition(one, factors, source));
  return Array.from(
    { length: count },
    (_, row) => columns.every(({ column, sign }) => sign * data[row * dimensions + column]! > 0),
  );
}

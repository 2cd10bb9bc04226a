import { type Condition, conditionsOf, type Group } from "../../explore/arithmetic/groups.ts";
import { columnOfCondition } from "../../explore/arithmetic/choose_exemplars.ts";
import type { FactorReaders } from "../../explore/directions/read_factors.ts";
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

/** Share of the dataset's images, unseen by it, on which the network that counts reads conditions right. */
export function accuracyOf(
  { real, factors }: FactorReaders,
  conditions: readonly Condition[],
  run: string,
): number {
  const { read, labels } = real[1]!;
  // Labels are 0 or 1 where reading is above or below 0
  const known = { ...labels, data: labels.data.map((value, at) => isClass(at) ? value - 0.5 : value) };
  const truth = meeting(conditions, known, factors, run);
  const seen = meeting(conditions, read, factors, run);
  return shareOf(truth.map((value, row) => value === seen[row]));

  function isClass(at: number): boolean {
    return factors[at % labels.dimensions]!.className !== undefined;
  }
}

/** Share of pictures that meet something. */
export function shareOf(meets: readonly boolean[]): number {
  return meets.filter((value) => value).length / meets.length;
}

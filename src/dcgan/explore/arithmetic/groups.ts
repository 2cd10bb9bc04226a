import * as v from "valibot";
import { type SeedPlace, seedPlaces } from "../latents/places.ts";
import type { OptionKind } from "../../options/option.ts";

/** What samples of a group have in common: a class of a label, or that a number is high or low. */
export interface Condition {
  /** Label of the dataset. */
  readonly label: string;
  /** Name of a class, or `high` or `low` of a number. */
  readonly value: string;
}

/**
 * Samples that have something in common: their places, or conditions such as `"glasses=round"` and
 * `"smile=high"` that samples are chosen by.
 */
export type Group = readonly (SeedPlace | `${string}=${string}`)[];

/** What groups are called. */
export type GroupName = "a" | "b" | "c";

/** Most samples of a group. */
const MOST = 64;

/** What a group may be; as text, with commas between its parts. */
export function groupKind(): OptionKind<Group> {
  const places = seedPlaces(1, MOST);
  const conditions = v.pipe(v.array(v.pipe(v.string(), v.regex(/^[^=]+=[^=]+$/))), v.minLength(1));
  return {
    allowed:
      "samples, as 1:5,1:9 (samples 5 and 9 of seed 1), or what they have in common, as glasses=round,smile=high",
    schema: v.union([places.schema, conditions]) as unknown as OptionKind<Group>["schema"],
    fromText: places.fromText,
  };
}

/** The conditions of a group; undefined if it is of places. */
export function conditionsOf(group: Group): Condition[] | undefined {
  if (!`${group[0]}`.includes("=")) return undefined;
  return group.map((one) => {
    const [label = "", value = ""] = `${one}`.split("=");
    return { label, value };
  });
}

/** The places of a group that is of no conditions. */
export function placesOf(group: Group): readonly SeedPlace[] {
  return group as readonly SeedPlace[];
}

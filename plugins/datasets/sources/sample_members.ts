import { DatasetError } from "../contract.ts";
import { quote } from "../messages.ts";
import { isPicture } from "./picture_source.ts";
import type { ShardMember, ShardSample } from "./sample_names.ts";

/** A sample, and the shard that it is in. */
export interface ShardPlace {
  /** The sample. */
  readonly sample: ShardSample;
  /** Path of its shard. */
  readonly path: string;
}

/**
 * The picture of a sample: the member with an ending that is wanted, else the only picture.
 *
 * @returns Nothing if there is none.
 * @throws {DatasetError} if there are several.
 */
export function choosePicture(place: ShardPlace, wanted: readonly string[]): ShardMember | undefined {
  if (wanted.length > 0) return chooseMember(place, wanted, "image");
  const pictures = place.sample.members.filter(({ name }) => isPicture(name));
  if (pictures.length > 1) throw several(place, pictures, "image");
  return pictures[0];
}

/**
 * The member of a sample with an ending that is wanted, the first that it has; or whose ending ends in it,
 * after a dot.
 *
 * @param option Option that chooses, for messages.
 * @returns Nothing if there is none.
 * @throws {DatasetError} if there are several.
 */
export function chooseMember(
  place: ShardPlace,
  wanted: readonly string[],
  option: "image" | "label",
): ShardMember | undefined {
  const { members } = place.sample;
  for (const ending of wanted.map((word) => word.toLowerCase().replace(/^\./, ""))) {
    const same = members.find((member) => member.ending === ending);
    if (same !== undefined) return same;
    const alike = members.filter((member) => member.ending.endsWith(`.${ending}`));
    if (alike.length > 1) throw several(place, alike, option);
    if (alike.length === 1) return alike[0];
  }
  return undefined;
}

function several(
  { sample: { key }, path }: ShardPlace,
  found: readonly ShardMember[],
  option: "image" | "label",
): DatasetError {
  const endings = found.map(({ ending }) => ending).sort();
  // The plain one is mostly the picture, and the others are made of it
  const likeliest = endings.find((ending) => !ending.includes(".")) ?? endings[0]!;
  const what = option === "image" ? "pictures" : "labels";
  return new DatasetError(
    `Sample ${quote(key)} in ${quote(path)} has several ${what}, ${endings.join(", ")}: choose one, ` +
      `such as --data-${option} ${likeliest}`,
  );
}

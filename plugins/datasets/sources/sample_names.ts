import type { TarMember } from "../formats/tar.ts";
import { isPicture } from "./picture_source.ts";

/** A member of a sample. */
export interface ShardMember extends TarMember {
  /** What its name ends in after the sample's, in small letters: `jpg`, `depth.png`. */
  readonly ending: string;
}

/** Members that belong together. */
export interface ShardSample {
  /** Their common name, with its folders. */
  readonly key: string;
  /** They, in the order of the shard. */
  readonly members: readonly ShardMember[];
}

/** Which dot in the last part of a path ends the name of its sample; the first one is WebDataset's rule. */
export type Naming = "first" | "last";

/** Whether a member is what systems leave behind, such as macOS's `._a.jpg` beside `a.jpg`. */
export function isLeftBehind(name: string): boolean {
  return /(?:^|\/)(?:\.|__MACOSX\/)/.test(name);
}

/**
 * Which dot ends the names of samples. By WebDataset's rule it is the first; but names such as
 * `set.v1.0000.jpg` then make one sample of a whole shard, with as many endings as there are pictures. If
 * there are more endings of pictures than samples, it is the last.
 *
 * @returns Nothing if there are no pictures to tell by.
 */
export function namingOf(members: readonly TarMember[]): Naming | undefined {
  const endings = new Set<string>();
  let samples = 0;
  let most = 0;
  for (const { members: sample } of samplesOf(members, "first")) {
    const pictures = sample.filter(({ name }) => isPicture(name));
    if (pictures.length > 0) samples++;
    most = Math.max(most, pictures.length);
    for (const { ending } of pictures) endings.add(ending);
  }
  if (samples === 0) return undefined;
  return most > 1 && endings.size > samples ? "last" : "first";
}

/** Neighbors of one name. */
export function* samplesOf(members: Iterable<TarMember>, naming: Naming): Generator<ShardSample> {
  let sample: { key: string; members: ShardMember[] } | undefined;
  for (const member of members) {
    const { name } = member;
    const start = name.lastIndexOf("/") + 1;
    const dot = naming === "first" ? name.indexOf(".", start) : name.lastIndexOf(".");
    const [key, ending] = dot < start ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
    if (sample?.key !== key) {
      if (sample) yield sample;
      sample = { key, members: [] };
    }
    sample.members.push({ ...member, ending });
  }
  if (sample) yield sample;
}

import { basename } from "node:path";
import { DatasetError } from "../contract.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { type TarMember, tarMembers } from "../formats/tar.ts";
import { messageOf, quote } from "../wording.ts";
import { type FilePart, readPart } from "./file_part.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { isPicture, noPictures, type PictureSource } from "./picture_source.ts";

/** A picture in a shard, and its label. */
export interface Sample {
  /** Shard and member, `00.tar/000017.jpg`. */
  readonly name: string;
  /** What the member with its label says. */
  readonly label: string | undefined;
}

/** The pictures of some shards. */
export interface ShardSource extends PictureSource {
  /** The pictures with their labels, in the order of the shards. */
  readonly samples: readonly Sample[];
}

/** Most bytes of a label. */
const MOST_LABEL = 1024;

/**
 * Lists the samples in tar shards: members that follow each other and have the same name up to the first dot of their last
 * part. Headers and labels are read now, pictures later; shards are opened as they are needed, as a system lets a program
 * have only so many files open.
 *
 * @param ending Ending of the members with labels.
 * @param data What named the shards, for messages.
 * @throws {DatasetError} Where a shard is no whole tar, or there are no pictures.
 */
export async function openShards(
  paths: readonly string[],
  ending: string,
  data: string,
  signal: AbortSignal,
): Promise<ShardSource> {
  const places = new Map<string, FilePart>();
  const samples: Sample[] = [];
  const others: string[] = [];
  for (const path of paths) {
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    using shard = openBytes(path);
    for (const members of groups(tarMembers(shard, path))) {
      const picture = members.find(({ name }) => isPicture(name));
      if (picture === undefined) {
        others.push(...members.map(({ name }) => name));
        continue;
      }
      const name = `${basename(path)}/${picture.name}`;
      if (places.has(name)) {
        throw new DatasetError(`${quote(picture.name)} in ${quote(path)} must be there once: found it twice`);
      }
      places.set(name, { path, offset: picture.offset, size: picture.size });
      samples.push({ name, label: readLabel(members, ending, shard) });
    }
  }
  if (samples.length === 0) throw noPictures(data, others);
  return {
    samples,
    names: samples.map(({ name }) => name),
    read: (name) => Promise.try(() => readPart(places.get(name)!)),
    placeOf: (name) => places.get(name)!,
    fingerprint: (_, signal) => fingerprintFiles(paths, signal),
    close: () => Promise.resolve(),
  };
}

/** Neighbours of one name. */
function* groups(members: Iterable<TarMember>): Generator<TarMember[]> {
  let key: string | undefined;
  let group: TarMember[] = [];
  for (const member of members) {
    const found = member.name.replace(/\.[^/]*$/, "");
    if (found !== key && group.length > 0) {
      yield group;
      group = [];
    }
    key = found;
    group.push(member);
  }
  if (group.length > 0) yield group;
}

function readLabel(members: readonly TarMember[], ending: string, shard: ByteSource): string | undefined {
  const member = members.find(({ name }) => name.endsWith(`.${ending}`));
  if (member === undefined) return undefined;
  const { name, offset, size } = member;
  if (size > MOST_LABEL) {
    throw new DatasetError(`The label ${quote(name)} must have ${MOST_LABEL} bytes at most: found ${size}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(shard.read(offset, size)).trim();
  } catch (cause) {
    throw new DatasetError(`The label ${quote(name)} must be text: ${messageOf(cause)}`, { cause });
  }
}

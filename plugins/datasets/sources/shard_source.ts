import { basename } from "../../../src/host/paths.ts";
import { DatasetError, type OpenRequest } from "../contract.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { type TarMember, tarMembers } from "../formats/tar.ts";
import { failure, quote } from "../messages.ts";
import { type FilePart, readPart } from "./file_part.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { PassedOver } from "./passed_over.ts";
import { noPictures, type PictureSource } from "./picture_source.ts";
import { chooseMember, choosePicture } from "./sample_members.ts";
import { isLeftBehind, type Naming, namingOf, samplesOf } from "./sample_names.ts";

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

/** Which members of shards to read. */
export interface WantedMembers {
  /**
   * Endings of the members with pictures, of which the first that a sample has is taken; found if there are
   * none.
   */
  readonly image: readonly string[];
  /** Ending of the members with labels. */
  readonly label: string;
}

/** Default ending of the members with labels. */
export const DEFAULT_LABEL = "cls";

/** What a shard holds besides files. Links are not followed there: a sample is what lies side by side. */
const OTHER_MEMBER = [
  "link or other member that is not a file",
  "links or other members that are no files",
] as const;

/** Most bytes of a label. */
const MOST_LABEL = 1024;

/**
 * Lists the samples in tar shards: members that follow each other and have the same name up to the first dot
 * of their last part, or up to the last dot if that is meant, see {@linkcode namingOf}. Headers and labels
 * are read now, pictures later; shards are opened as they are needed, as systems limit the number of open
 * files.
 *
 * @param data What named the shards, for messages.
 * @throws {DatasetError} if a shard is no whole tar, there are no pictures, or several in a sample.
 */
export async function openShards(
  paths: readonly string[],
  wanted: WantedMembers,
  data: string,
  { signal, report }: Pick<OpenRequest, "signal" | "report">,
): Promise<ShardSource> {
  const places = new Map<string, FilePart>();
  const samples: Sample[] = [];
  const others: string[] = [];
  const passed = new PassedOver();
  const without = new Missing();
  const unlabeled = new Missing();
  let unreadable: DatasetError | undefined;
  let naming: Naming | undefined;
  let hasLabels = wanted.label !== DEFAULT_LABEL;
  for (const path of paths) {
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    using shard = openBytes(path);
    checkPacked(shard, path);
    const listed = tarMembers(
      shard,
      path,
      ({ name }) => passed.add(OTHER_MEMBER, `${basename(path)}/${name}`),
    );
    const members = [...listed].filter(({ name }) => !isLeftBehind(name));
    // All shards of a set are named in one way
    if (naming === undefined) {
      naming = namingOf(members);
      if (naming === "last") {
        report(`Samples in ${quote(path)} are identified by their names up to the last dot`);
      }
    }
    for (const sample of samplesOf(members, naming ?? "first")) {
      const place = { sample, path };
      const picture = choosePicture(place, wanted.image);
      if (picture === undefined) {
        others.push(...sample.members.map(({ name }) => name));
        without.add(sample.key);
        hasLabels ||= chooseMember(place, [wanted.label], "label") !== undefined;
        continue;
      }
      const name = `${basename(path)}/${picture.name}`;
      if (places.has(name)) {
        throw new DatasetError(`${quote(picture.name)} in ${quote(path)} must be there once, found twice`);
      }
      places.set(name, { path, offset: picture.offset, size: picture.size });
      const label = chooseMember(place, [wanted.label], "label");
      if (label === undefined) unlabeled.add(sample.key);
      else hasLabels = true;
      const text = label && unreadable === undefined ? readLabel(label, shard) : undefined;
      // Training needs no labels, and so none of them to be right
      if (text instanceof DatasetError) unreadable = text;
      samples.push({ name, label: typeof text === "string" ? text : undefined });
    }
  }
  if (samples.length === 0) throw noPictures(data, others);
  const all = samples.length + without.count;
  const ending = wanted.image.length === 0 ? "" : ` that ends in ${wanted.image.join(" or ")}`;
  if (without.count > 0) report(`${without.of(all)} no picture${ending}, and ${without.are} left out`);
  if (unreadable !== undefined) report(`${unreadable.message}; labels are left out`);
  // If nothing has one, there are no labels to miss
  else if (unlabeled.count > 0 && hasLabels) {
    report(`${unlabeled.of(samples.length)} no label that ends in ${wanted.label}: labels are left out`);
  }
  return {
    samples,
    names: samples.map(({ name }) => name),
    passed,
    ...(wanted.image.length === 0 ? {} : { view: wanted.image.join() }),
    read: (name) => Promise.try(() => readPart(places.get(name)!)),
    placeOf: (name) => places.get(name)!,
    fingerprint: (_, signal) => fingerprintFiles(paths, signal),
    close: () => Promise.resolve(),
  };
}

/** Counts samples that lack something. */
class Missing {
  count = 0;
  #first = "";

  add(key: string): void {
    if (this.count++ === 0) this.#first = key;
  }

  get are(): string {
    return this.count === 1 ? "is" : "are";
  }

  /** `1 of the 6 samples ("0003") has`. */
  of(all: number): string {
    const which = this.count === 1 ? quote(this.#first) : `the first is ${quote(this.#first)}`;
    return `${this.count} of the ${all} samples (${which}) ${this.count === 1 ? "has" : "have"}`;
  }
}

/** Throws if a shard is packed: single pictures could not be read out of it. */
function checkPacked(shard: ByteSource, path: string): void {
  const [first, second] = shard.read(0, Math.min(2, shard.size));
  if (first !== 0x1f || second !== 0x8b) return;
  throw new DatasetError(
    `${quote(path)} is packed with gzip, which allows no access to single pictures: unpack it with gunzip`,
  );
}

/** What a member says, or what is wrong with it. */
function readLabel({ name, offset, size }: TarMember, shard: ByteSource): string | DatasetError {
  if (size > MOST_LABEL) {
    return new DatasetError(`The label ${quote(name)} must have ${MOST_LABEL} bytes at most, found ${size}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(shard.read(offset, size)).trim();
  } catch (cause) {
    return failure(`The label ${quote(name)} must be text`, cause);
  }
}

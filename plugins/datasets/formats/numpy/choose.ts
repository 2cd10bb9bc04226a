import { DatasetError, type Labels, type OpenRequest } from "../../contract.ts";
import { quote } from "../../messages.ts";
import type { ByteSource } from "../byte_source.ts";
import type { NpyHeader } from "../npy.ts";
import type { LabeledArray } from "./array.ts";
import { readElements } from "./elements.ts";
import { findLayout } from "./layout.ts";
import { type NpzMember, npzMembers, openMember } from "./npz.ts";

/** Most labels, in bytes, that are read. */
const MOST_LABELS = 2 ** 30;

/** Numbers below this count classes; others are just numbers. */
const MOST_CLASSES = 1000;

/** Which arrays of an `.npz` file to read; empty names are found. */
export interface WantedArrays {
  /** The array of pictures. */
  readonly array: string;
  /** The array of labels. */
  readonly label: string;
}

/** How the names of arrays of pictures become those of their labels. */
const labelWords: readonly (readonly [RegExp, string])[] = [
  [/image/i, "label"],
  [/img/i, "label"],
  [/(?<![a-z])x(?![a-z])/i, "y"],
  [/data/i, "labels"],
];

/**
 * Opens the pictures in an `.npz` file: the array that is named, or the only one that may be pictures; and
 * the labels beside it.
 *
 * @throws {DatasetError} if there are none, or several.
 */
export async function openNpz(
  file: ByteSource,
  data: string,
  wanted: WantedArrays,
  { signal, report }: Pick<OpenRequest, "signal" | "report">,
): Promise<LabeledArray> {
  const members = await npzMembers(file, data, signal);
  const member = choose(members, wanted.array, data);
  const path = `${quote(member.name)} in ${quote(data)}`;
  if (member.header instanceof DatasetError) throw member.header;
  const { header } = member;
  return {
    source: openMember(file, member),
    path,
    header,
    labels: (length) =>
      Promise.try(() =>
        labelsOf({ file, data, members, pictures: member, wanted: wanted.label, report }, length)
      ),
  };
}

function choose(members: readonly NpzMember[], wanted: string, data: string): NpzMember {
  const shown = members.map(({ name, header }) =>
    header instanceof DatasetError ? name : `${name} [${header.shape.join(", ")}]`
  ).join(", ");
  if (wanted !== "") {
    const named = members.find(({ name }) => name === wanted);
    if (named !== undefined) return named;
    throw new DatasetError(`${quote(data)} must have the array ${quote(wanted)}, found ${shown}`);
  }
  if (members.length === 1) return members[0]!;
  const pictures = members.filter(({ header }) => !(header instanceof DatasetError) && mayBePictures(header));
  if (pictures.length === 1) return pictures[0]!;
  throw new DatasetError(
    pictures.length === 0
      ? `${quote(data)} must have an array of pictures, found ${shown}; name it with --data-array`
      : `${quote(data)} must have one array of pictures, found several: ${shown}; choose one, ` +
        `such as --data-array ${pictures[0]!.name}`,
  );
}

function mayBePictures({ shape, columnMajor }: NpyHeader): boolean {
  try {
    findLayout(shape, columnMajor, "auto", "");
    return true;
  } catch (cause) {
    if (cause instanceof DatasetError) return false;
    throw cause;
  }
}

/** The labels of pictures: one whole number for each. */
function labelsOf(
  { file, data, members, pictures, wanted, report }: {
    readonly file: ByteSource;
    readonly data: string;
    readonly members: readonly NpzMember[];
    readonly pictures: NpzMember;
    readonly wanted: string;
    readonly report: (message: string) => void;
  },
  length: number,
): Record<string, Labels> {
  const isWanted = wanted !== "";
  const beside = isWanted ? [wanted] : labelWords
    .filter(([word]) => word.test(pictures.name))
    .flatMap((
      [word, label],
    ) => [pictures.name.replace(word, label), pictures.name.replace(word, `${label}s`)]);
  const fits = ({ header }: NpzMember) =>
    !(header instanceof DatasetError) && header.type.kind !== "float" && isColumn(header.shape, length);
  const named = members.find(({ name }) => beside.includes(name));
  // If nothing has the name, the only one with a whole number for each picture has no other meaning
  const others = members.filter((member) => member !== pictures && fits(member));
  const member = named ?? (!isWanted && others.length === 1 ? others[0] : undefined);
  if (member === undefined && !isWanted) return {};
  if (member === undefined) {
    throw new DatasetError(
      `${quote(data)} must have the array of labels ${quote(wanted)}, ` +
        `found ${members.map(({ name }) => name).join(", ")}`,
    );
  }
  const { header, name } = member;
  if (header instanceof DatasetError || !fits(member)) {
    const found = header instanceof DatasetError
      ? header.message
      : `${header.type.name} [${header.shape.join(", ")}]`;
    const problem = `The labels ${quote(name)} in ${quote(data)} must be a whole number for each of the ` +
      `${length} pictures, found ${found}`;
    if (isWanted) throw new DatasetError(problem);
    report(`${problem}; they are left out`);
    return {};
  }
  const size = length * header.type.size;
  if (size > MOST_LABELS) {
    throw new DatasetError(`The labels ${quote(name)} must have ${MOST_LABELS} bytes at most`);
  }
  const bytes = openMember(file, member).read(header.offset, size) as Uint8Array<ArrayBuffer>;
  const values = readElements(bytes, header.type);
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < length; i++) {
    least = Math.min(least, values[i]!);
    greatest = Math.max(greatest, values[i]!);
  }
  const isClass = least >= 0 && greatest < MOST_CLASSES;
  const classes = isClass ? { classes: Array.from({ length: greatest + 1 }, (_, i) => String(i)) } : {};
  return { class: { ...classes, at: (index) => values[index]! } };
}

/** Whether a shape has one value for each picture: `[N]` or `[N, 1]`. */
function isColumn(shape: readonly number[], length: number): boolean {
  return shape[0] === length && (shape.length === 1 || shape.length === 2 && shape[1] === 1);
}

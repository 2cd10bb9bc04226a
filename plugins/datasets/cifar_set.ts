import { basename, join } from "node:path";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type OpenRequest,
  type RemoteFile,
} from "./contract.ts";
import { findFile, whatIsThere } from "./find_file.ts";
import { bytesInMemory } from "./formats/byte_source.ts";
import { CIFAR_EDGE, readCifar } from "./formats/cifar.ts";
import { unpackGzip } from "./formats/gzip.ts";
import { tarMembers } from "./formats/tar.ts";
import { readWhole } from "./formats/whole_file.ts";
import { splitOption, type SplitOptions } from "./idx_set.ts";
import { rawDataset } from "./raw_images.ts";
import { fetchFile } from "./remote/fetch_file.ts";
import { messageOf, quote } from "./wording.ts";

/** Most bytes that an archive may unpack to; the real ones have 185 million. */
const MOST = 2 ** 29;

/** A set in the binary format of CIFAR. */
export interface CifarSet {
  /** Name of the set, and of its folder in the folder for downloads. */
  readonly name: string;
  /** What it is, in one line. */
  readonly description: string;
  /** Its labels and their classes, in the order of the label bytes. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Folder in the archive. */
  readonly folder: string;
  /** Names of the files of each part. */
  readonly parts: { readonly train: readonly string[]; readonly test: readonly string[] };
  /** The archive. */
  readonly archive: Omit<RemoteFile, "path">;
}

/** The plugin of a set in the binary format of CIFAR: 32x32 pixels in colour, 50,000 to train on and 10,000 to test with. */
export function defineCifarSet(set: CifarSet): DatasetPlugin<SplitOptions> {
  const { name, description, archive } = set;
  const file = { ...archive, path: `${name}/${basename(archive.urls[0]!)}` };
  return defineDataset<SplitOptions>({
    apiVersion: 1,
    name,
    description,
    homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
    licence: "none stated; Krizhevsky, 2009",
    files: [file],
    options: { split: splitOption },
    open: (request) => openCifar(set, file, request),
  });
}

async function openCifar(
  set: CifarSet,
  file: RemoteFile,
  request: OpenRequest<SplitOptions>,
): Promise<Dataset> {
  const wanted = set.parts[request.options.split as "train" | "test"];
  const data = request.data ?? await fetchFile(file, request);
  const files = await (await isFolder(data) ? readFolder : readArchive)(
    data,
    wanted,
    set,
    basename(file.path),
  );
  request.signal.throwIfAborted();
  const labels = Object.entries(set.labels);
  const images = readCifar(files, labels.map(([, classes]) => classes.length));
  return rawDataset(request, {
    length: images.length,
    width: CIFAR_EDGE,
    height: CIFAR_EDGE,
    channels: 3,
    pixels: images.pixels,
    labels: Object.fromEntries(
      labels.map((
        [label, classes],
        which,
      ) => [label, { classes, at: (index) => images.label(index, which) }]),
    ),
  });
}

async function isFolder(data: string): Promise<boolean> {
  try {
    return (await Deno.stat(data)).isDirectory;
  } catch (cause) {
    throw new DatasetError(`${quote(data)} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

type Files = { path: string; bytes: Uint8Array }[];

/** The files in a folder, or in the set's folder there; else those in the archive that is there. */
async function readFolder(
  data: string,
  wanted: readonly string[],
  set: CifarSet,
  archive: string,
): Promise<Files> {
  for (const folder of [data, join(data, set.folder)]) {
    if (await findFile(folder, wanted) === undefined) continue;
    return await Promise.all(wanted.map(async (name) => {
      const path = join(folder, name);
      return { path, bytes: await readWhole(path, MOST) };
    }));
  }
  const path = await findFile(data, [archive, archive.replace(/\.gz$/, "")]);
  if (path !== undefined) return await readArchive(path, wanted, set);
  const pickled = await findPickled(data, set, archive);
  if (pickled !== undefined) throw pickledError(pickled, set);
  throw new DatasetError(
    `The data of ${quote(set.name)} must be ${archive}, or a folder with it or with ${
      wanted.join(", ")
    }: found neither in ${quote(data)}, where there ${await whatIsThere(data)}`,
  );
}

/** The files in an archive, packed with gzip or not. */
async function readArchive(path: string, wanted: readonly string[], set: CifarSet): Promise<Files> {
  const archive = unpackGzip(await readWhole(path, MOST), path, MOST);
  const members = [...tarMembers(bytesInMemory(archive), path)];
  const pickled = members.some(({ name }) => pickledNames.test(`/${name}`));
  return wanted.map((name) => {
    const member = members.find((member) => basename(member.name) === name);
    if (member === undefined) {
      if (pickled) throw pickledError(path, set);
      throw new DatasetError(
        `${path} must hold ${set.folder}/${name}: found ${
          members.slice(0, 8).map((member) => member.name).join(", ") || "no files"
        }`,
      );
    }
    const { offset, size } = member;
    return { path: `${path}/${member.name}`, bytes: archive.subarray(offset, offset + size) };
  });
}

/** Names of files of the Python version, as torchvision and others keep it. */
const pickledNames = /\/(?:data_batch_1|cifar-100-python\/train|cifar-100-python)$/;

/** Something of the Python version in a folder. */
async function findPickled(data: string, set: CifarSet, archive: string): Promise<string | undefined> {
  const packed = await findFile(data, [archive.replace("-binary", "-python"), "data_batch_1"]);
  if (packed !== undefined) return packed;
  const folder = join(
    data,
    set.folder.replace(/-bin(?:ary)?$/, set.folder.endsWith("-bin") ? "-py" : "-python"),
  );
  return await findFile(folder, ["data_batch_1", "train"]);
}

function pickledError(path: string, { name, archive }: CifarSet): DatasetError {
  return new DatasetError(
    `${quote(path)} is of the Python version of ${quote(name)}, which is not read: give the binary version, ${
      archive.urls[0]
    }, or leave out --data-root to have that downloaded`,
  );
}

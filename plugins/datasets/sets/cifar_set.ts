import { basename, join } from "../../../src/host/paths.ts";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type OpenRequest,
  type RemoteFile,
} from "../contract.ts";
import { findFile, lookAt, whatIsThere } from "../find_file.ts";
import { bytesInMemory } from "../formats/byte_source.ts";
import { CIFAR_EDGE, readCifar } from "../formats/cifar.ts";
import { recordsOfPickle } from "../formats/cifar_pickle.ts";
import { unpackGzip } from "../formats/gzip.ts";
import { tarMembers } from "../formats/tar.ts";
import { readWhole } from "../formats/whole_file.ts";
import { splitOption, type SplitOptions } from "./idx_set.ts";
import { rawDataset } from "./raw_images.ts";
import { fetchFile } from "../remote/fetch_file.ts";
import { quote } from "../messages.ts";

/** Most bytes that an archive may unpack to; the real ones have 185 million. */
const MOST = 2 ** 29;

/** A set in the binary format of CIFAR. Its name is that of its folder in the folder for downloads too. */
export interface CifarSet extends Required<Pick<DatasetPlugin, "name" | "description">> {
  /** Its labels and their classes, in the order of the label bytes. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Folder in the archive. */
  readonly folder: string;
  /** Names of the files of each part. */
  readonly parts: { readonly train: readonly string[]; readonly test: readonly string[] };
  /** The Python version: its folder, and what its lists of labels are called, in the order of `labels`. */
  readonly python: { readonly folder: string; readonly labels: readonly string[] };
  /** The archive. */
  readonly archive: Omit<RemoteFile, "path">;
}

/**
 * The plugin of a set in the binary format of CIFAR: 32x32 pixels in color, 50,000 to train on and 10,000 to
 * test with. One's own data may be the Python version as well.
 */
export function defineCifarSet(set: CifarSet): DatasetPlugin<SplitOptions> {
  const { name, description, archive } = set;
  const file = { ...archive, path: `${name}/${archive.urls[0]!.split("/").at(-1)}` };
  return defineDataset<SplitOptions>({
    apiVersion: 1,
    name,
    description,
    homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
    license: "none stated; Krizhevsky, 2009",
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
  const versions = versionsOf(set, basename(file.path), request.options.split as "train" | "test");
  const data = request.data ?? await fetchFile(file, request);
  const { isDirectory } = await lookAt(data, `${quote(data)} cannot be read`);
  const files = await (isDirectory ? readFolder : readArchive)(data, versions, set);
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

type Files = { path: string; bytes: Uint8Array }[];

/** A version of a set: its files and where they are. */
interface Version {
  /** Names of the files that are wanted. */
  readonly wanted: readonly string[];
  /** Folder that they lie in. */
  readonly folder: string;
  /** Archive that the folder lies in. */
  readonly archive: string;
  /** Makes records of the binary version of a file. */
  recordsOf(bytes: Uint8Array, path: string): Uint8Array;
}

/** The binary version, and the one for Python, which has the same pictures in the same order. */
function versionsOf(
  { parts, folder, python }: CifarSet,
  archive: string,
  split: "train" | "test",
): Version[] {
  return [
    { wanted: parts[split], folder, archive, recordsOf: (bytes) => bytes },
    {
      wanted: parts[split].map((name) => name.replace(/\.bin$/, "")),
      folder: python.folder,
      archive: archive.replace("-binary", "-python"),
      recordsOf: (bytes, path) => recordsOfPickle(bytes, python.labels, path),
    },
  ];
}

/** The files in a folder, or in the set's folder there; else those in the archive that is there. */
async function readFolder(data: string, versions: readonly Version[], set: CifarSet): Promise<Files> {
  for (const { wanted, folder, archive, recordsOf } of versions) {
    for (const place of [data, join(data, folder)]) {
      if (await findFile(place, wanted) === undefined) continue;
      return await Promise.all(wanted.map(async (name) => {
        const path = join(place, name);
        return { path, bytes: recordsOf(await readWhole(path, MOST), path) };
      }));
    }
    const path = await findFile(data, [archive, archive.replace(/\.gz$/, "")]);
    if (path !== undefined) return await readArchive(path, versions, set);
  }
  const { archive, wanted } = versions[0]!;
  throw new DatasetError(
    `The data of ${quote(set.name)} must be ${archive}, or a folder with it or with ${
      wanted.join(", ")
    }, found neither in ${quote(data)}, where there ${await whatIsThere(data)}`,
  );
}

/** The files in an archive, packed with gzip or not. */
async function readArchive(path: string, versions: readonly Version[], set: CifarSet): Promise<Files> {
  const archive = unpackGzip(await readWhole(path, MOST), path, MOST);
  const members = new Map(
    tarMembers(bytesInMemory(archive), path).map((member) => [basename(member.name), member]),
  );
  const { wanted, recordsOf } = versions.find(({ wanted }) => wanted.some((name) => members.has(name))) ??
    versions[0]!;
  return wanted.map((name) => {
    const member = members.get(name);
    if (member === undefined) {
      throw new DatasetError(
        `${path} must hold ${set.folder}/${name}, found ` +
          `${[...members.values()].slice(0, 8).map((member) => member.name).join(", ") || "no files"}`,
      );
    }
    const { offset, size } = member;
    const inside = `${path}/${member.name}`;
    return { path: inside, bytes: recordsOf(archive.subarray(offset, offset + size), inside) };
  });
}

import {
  BlobReader,
  BlobWriter,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
} from "@zip.js/zip.js";
import { host } from "../../../src/host/host.ts";
import type { GivenFile } from "../../page/given_files.ts";

/** Where runs are, as in the command line. */
export const RUNS = "runs";

/** A run among the files that were given. */
export interface GivenRun {
  /** Name of its folder. */
  readonly name: string;
  /** Its files, by their paths in it. */
  readonly files: ReadonlyMap<string, () => Promise<Uint8Array>>;
}

/** A run as a file. */
export interface SavedRun {
  /** Name of its folder. */
  readonly name: string;
  /** The file. */
  readonly zip: Blob;
}

/** A file, by its path, which is read later. */
interface Readable {
  readonly path: string;
  read(): Promise<Uint8Array>;
}

/** Finds a run in files, or in a zip of one; undefined if there is none. */
export async function findRun(files: readonly GivenFile[]): Promise<GivenRun | undefined> {
  const only = files.length === 1 ? files[0]! : undefined;
  const readable = only && /\.zip$/i.test(only.path)
    ? await filesInZip(only.file)
    : files.map(({ path, file }) => ({ path, read: async () => new Uint8Array(await file.arrayBuffer()) }));
  const config = readable.find(({ path }) => /(^|\/)config\.json$/.test(path));
  const root = config?.path.slice(0, -"config.json".length);
  if (root === undefined || !readable.some(({ path }) => path.startsWith(`${root}checkpoints/`))) {
    return undefined;
  }
  const name = root.split("/").at(-2) ?? only?.path.replace(/^.*\/|\.zip$/gi, "") ?? "run";
  const own = readable.filter(({ path }) => path.startsWith(root));
  return { name, files: new Map(own.map(({ path, read }) => [path.slice(root.length), read])) };
}

/**
 * Writes a run to the page's own files. Gives its folder, which no other run has.
 *
 * @param folder Where it is put.
 */
export async function unpackRun({ name, files }: GivenRun, folder: string = RUNS): Promise<string> {
  const { stat, mkdir, writeFile, path } = host();
  let out = `${folder}/${name}`;
  for (let count = 2; await stat(out).then(() => true, () => false); count++) {
    out = `${folder}/${name}-${count}`;
  }
  for (const [place, read] of files) {
    const target = path.join(out, place);
    if (!target.startsWith(path.join(out, "/"))) {
      throw new RangeError(`Cannot open the run: ${place} leads out of it`);
    }
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, await read());
  }
  return out;
}

/**
 * A run folder as a zip, in a folder of its name. Nothing is packed: numbers of networks hardly get smaller. The
 * page gets a blob, which is not copied: copying a large run would keep it busy.
 */
export async function zipRun(out: string): Promise<SavedRun> {
  const name = host().path.basename(out);
  const zip = new ZipWriter(new BlobWriter("application/zip"), { level: 0, useWebWorkers: false });
  for await (const path of pathsIn(out)) {
    await zip.add(`${name}/${path}`, new Uint8ArrayReader(await host().readFile(`${out}/${path}`)));
  }
  return { name, zip: await zip.close() };
}

/** Files of a folder and of those in it, but for hidden ones, such as a run's lock. */
export async function* pathsIn(folder: string, start = ""): AsyncGenerator<string> {
  const entries = await Array.fromAsync(host().readDir(`${folder}/${start}`));
  for (const { name, isDirectory } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    if (name.startsWith(".")) continue;
    if (isDirectory) yield* pathsIn(folder, `${start}${name}/`);
    else yield `${start}${name}`;
  }
}

async function filesInZip(file: File): Promise<Readable[]> {
  const zip = new ZipReader(new BlobReader(file), { useWebWorkers: false });
  const entries = await zip.getEntries();
  return entries.flatMap((entry) =>
    entry.directory ? [] : [{ path: entry.filename, read: () => entry.getData(new Uint8ArrayWriter()) }]
  );
}

import { host } from "../../../src/host/host.ts";
import { dirname, join } from "../../../src/host/paths.ts";
import { checkOwnFolder } from "../../../src/files/own_folder.ts";
import { DatasetError, type OpenRequest, type RemoteFile } from "../contract.ts";
import { messageOf, quote } from "../messages.ts";
import { noCacheDir } from "./cache_dir.ts";
import { problemOf } from "./digest.ts";
import { download, type DownloadContext } from "./download.ts";

/** What is needed of a request to fetch a file. */
export type FetchContext = Pick<OpenRequest, "cacheDir" | "mirrors" | "offline"> & DownloadContext;

/** Where a file is kept. */
export function cachePath(file: RemoteFile, cacheDir: string): string {
  return join(cacheDir, ...file.path.split("/"));
}

/**
 * Gets a file out of the folder for downloads, or downloads it there: mirrors first, then its own servers. It
 * is checked against its known size and checksum each time.
 *
 * @returns The path of the whole file.
 * @throws {DatasetError} if it cannot be downloaded, or fails its checks.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineDataset, fetchFile } from "@x/dcgan/datasets";
 *
 * const file = { path: "letters/letters.bin", urls: ["https://data.example/letters.bin"], size: 78_400 };
 * const letters = defineDataset({
 *   apiVersion: 1,
 *   name: "letters",
 *   files: [file],
 *   async open(request) {
 *     const pixels = await Deno.readFile(await fetchFile(file, request));
 *     return {
 *       length: 100,
 *       shape: [28, 28, 1],
 *       read(indices, into) {
 *         for (let i = 0; i < indices.length; i++) {
 *           into.set(pixels.subarray(indices[i]! * 784, (indices[i]! + 1) * 784), i * 784);
 *         }
 *       },
 *     };
 *   },
 * });
 * assertEquals(letters.files?.length, 1);
 * ```
 */
export async function fetchFile(file: RemoteFile, context: FetchContext): Promise<string> {
  const { cacheDir } = context;
  if (cacheDir === undefined) {
    throw new DatasetError(`${quote(file.path)} cannot be downloaded, as ${noCacheDir()}`);
  }
  const path = cachePath(file, cacheDir);
  await checkOwnFolder(dirname(path), cacheDir).catch((cause) => {
    throw new DatasetError(messageOf(cause), { cause });
  });
  if (!await isFile(path)) {
    if (context.offline) {
      throw new DatasetError(
        `${path} was not downloaded yet, and must not be now: leave out --offline, or fetch it before`,
        { kind: "not-downloaded" },
      );
    }
    const name = file.path.split("/").at(-1)!;
    const urls = [...context.mirrors.map((mirror) => `${mirror.replace(/\/*$/, "/")}${name}`), ...file.urls];
    await download({ ...file, urls }, path, context);
    return path;
  }
  const problem = await problemOf(path, file);
  if (problem !== undefined) throw new DatasetError(`${path} ${problem}; remove it to download it again`);
  return path;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await host().stat(path)).isFile;
  } catch (cause) {
    if (host().problemOf(cause) === "NotFound") return false;
    throw new DatasetError(`${quote(path)} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

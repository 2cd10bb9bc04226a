import { host } from "../../../src/host/host.ts";
import { dirname, join, resolve } from "../../../src/host/paths.ts";
import { makeOwnFolder } from "../../../src/files/own_folder.ts";
import { sha256 } from "../../../src/files/sha256.ts";
import type { OpenRequest } from "../contract.ts";
import { noCacheDir } from "../remote/cache_dir.ts";
import { messageOf, quote } from "../messages.ts";
import { FileStore } from "./file_store.ts";
import { MemoryStore, type PictureStore } from "./picture_store.ts";

/** When decoded images are kept in a file. */
export const cacheChoices = ["auto", "always", "never"] as const;

/** Changes whenever the same files may become other images. */
const DECODER = "mozjpeg 1.6.0, PNG 1, imagescript 1.3.1";

/** What to keep, and how much memory and disk it may use. */
export interface StoreRequest
  extends Pick<OpenRequest, "size" | "channels" | "cacheDir" | "report" | "signal"> {
  /** Path of the source. */
  readonly data: string;
  /** Number of images. */
  readonly length: number;
  /** Bytes of one. */
  readonly each: number;
  /** Bytes of memory allowed. */
  readonly memory: number;
  /** When to use a file: if memory does not suffice, always, or never. */
  readonly cache: (typeof cacheChoices)[number];
  /** Everything else than the source that decides what the images are. */
  readonly variant: string;
  /** Identifies the source's files; called only if images are kept in a file. */
  readonly fingerprint: () => Promise<string>;
}

/**
 * Opens what decoded images are kept in: memory if they fit, else a file in the cache folder. If it cannot be
 * written, memory holds as many as it may.
 */
export async function openStore(request: StoreRequest): Promise<PictureStore> {
  const { length, each, memory, cache, report } = request;
  const fits = length * each <= memory;
  if (cache !== "always" && (fits || cache === "never")) return openMemory(request);
  const { cacheDir } = request;
  const few = fits ? "" : `, ${Math.floor(memory / each)} of ${length} in memory`;
  if (cacheDir === undefined) {
    report(`Decoded pictures are not kept in a file${few}, as ${noCacheDir()}`);
    return openMemory(request);
  }
  const path = await pathOf(request, cacheDir);
  if (!host().may("write", cacheDir)) {
    report(`Decoded pictures are not kept in a file${few}: that needs --allow-write=${cacheDir}`);
    return openMemory(request);
  }
  try {
    await makeOwnFolder(dirname(path), cacheDir);
    const fingerprint = await sha256([`${await request.fingerprint()}\0${DECODER}\0${request.variant}`]);
    report(
      `Decoded pictures are kept in ${quote(path)}, up to ${Math.ceil(length * each / 2 ** 20)} MiB; ` +
        "it may be deleted at any time",
    );
    return await FileStore.open(path, { fingerprint, length, each }, report);
  } catch (cause) {
    request.signal.throwIfAborted();
    report(`Decoded pictures are not kept, as ${quote(path)} cannot be used: ${messageOf(cause)}`);
    return openMemory(request);
  }
}

function openMemory({ length, each, memory }: StoreRequest): MemoryStore {
  return new MemoryStore(Math.min(length, Math.floor(memory / each)), each);
}

/**
 * One file for each source and kind of images: when the source changes, its new file takes the place of the
 * old one.
 */
async function pathOf({ data, each, variant }: StoreRequest, cacheDir: string): Promise<string> {
  const name = await sha256([`${resolve(data)}\0${each}\0${variant}`]);
  return join(cacheDir, "pictures", `${name.slice(0, 16)}.pixels`);
}

import { dirname } from "../../../src/host/paths.ts";
import { makeOwnFolder } from "../../../src/files/own_folder.ts";
import { DatasetError, type DatasetErrorKind, type DatasetProgress, type RemoteFile } from "../contract.ts";
import { failure, messageOf, quote } from "../messages.ts";
import { problemOf } from "./digest.ts";
import { PartFile } from "./part_file.ts";
import { DownloadFailure, transfer } from "./transfer.ts";

/** Options of {@linkcode download}. */
export interface DownloadContext {
  /**
   * Folder for downloads, which must be the user's own, with all in it. Without it, the folder of the file.
   */
  readonly cacheDir?: string;
  /** Aborts the download; what has come is kept. */
  readonly signal: AbortSignal;
  /** Called with a line about each attempt. */
  readonly report: (message: string) => void;
  /** Called with the progress. */
  readonly progress: (progress: DatasetProgress) => void;
  /**
   * More headers to ask for a URL with, such as an authorization. Another server that it redirects to gets
   * none of it.
   */
  readonly headers?: (url: string) => Readonly<Record<string, string>>;
  /**
   * Most bytes of a file that does not declare its size.
   *
   * @default {17179869184}
   */
  readonly most?: number;
  /**
   * Milliseconds without a byte after which a server counts as stalled.
   *
   * @default {30000}
   */
  readonly stallTime?: number;
  /**
   * Milliseconds before the second try at a server; twice as long before every further one.
   *
   * @default {500}
   */
  readonly retryTime?: number;
}

/** HTTP statuses of servers that require a token, or another one. */
const UNAUTHORIZED: readonly number[] = [401, 403];

/** Attempts in a row without a new byte after which the next server is tried. */
const TRIES = 3;

/** Tries at one server in all: one that sends a byte each time would never finish. */
const MOST_TRIES = 20;

/**
 * Downloads a file from the first place that has it, resumes where an earlier try ended, checks what has
 * come, and only then gives it its name: a file of that name is always whole. Of two runs that download the
 * same file, one waits for the other.
 *
 * @param file Its URLs, and what is known of it.
 * @param path Where it goes.
 * @throws {DatasetError} if no place gives the right file, or it cannot be written.
 */
export async function download(
  file: Pick<RemoteFile, "urls" | "size" | "sha256" | "contentSha256"> & Partial<RemoteFile>,
  path: string,
  context: DownloadContext,
): Promise<void> {
  const { signal, report } = context;
  signal.throwIfAborted();
  await makeOwnFolder(dirname(path), context.cacheDir).catch((cause) => {
    throw failure(`The folder ${quote(dirname(path))} cannot be made`, cause);
  });
  using part = await PartFile.open(path, signal);
  if (await part.isDone()) return; // by another run, while this one waited
  const failures: string[] = [];
  let kind: DatasetErrorKind | undefined;
  for (const url of file.urls) {
    report(`Downloading ${url}`);
    try {
      await transferAll(url, file, part, context);
      const problem = await problemOf(part.path, { path, ...file });
      if (problem === undefined) return await part.finish();
      part.restart("");
      failures.push(`${url}: the file ${problem}`);
    } catch (cause) {
      signal.throwIfAborted();
      if (!(cause instanceof DownloadFailure)) throw cause;
      if (UNAUTHORIZED.includes(cause.status ?? 0)) kind = "unauthorized";
      failures.push(`${url}: ${messageOf(cause)}`);
    }
  }
  throw new DatasetError(
    `${path} cannot be downloaded: ${failures.join("; ")}`,
    kind === undefined ? {} : { kind },
  );
}

/** Tries at one server until it has given everything. */
async function transferAll(
  url: string,
  file: Pick<RemoteFile, "size">,
  part: PartFile,
  context: DownloadContext,
): Promise<void> {
  const { signal, report, retryTime = 500 } = context;
  for (let fruitless = 0, tries = 1;; tries++) {
    const before = part.length;
    try {
      return await transfer(url, file, part, context);
    } catch (cause) {
      signal.throwIfAborted();
      fruitless = part.length > before ? 0 : fruitless + 1;
      const over = fruitless === TRIES || tries === MOST_TRIES;
      if (!(cause instanceof DownloadFailure) || cause.isFinal || over) throw cause;
      report(`Trying ${url} again: ${messageOf(cause)}`);
      await pause(retryTime * 2 ** fruitless / 2, signal);
    }
  }
}

/** Waits, unless the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const giveUp = () => {
    clearTimeout(timer);
    reject(signal.reason);
  };
  signal.addEventListener("abort", giveUp, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", giveUp));
}

import { host } from "../../../src/host/host.ts";
import type { RemoteFile } from "../contract.ts";
import { messageOf, networkReason } from "../messages.ts";
import type { DownloadContext } from "./download.ts";
import type { PartFile } from "./part_file.ts";

/** Thrown if a server does not give a file. */
export class DownloadFailure extends Error {
  /**
   * @param message What it did instead.
   * @param isFinal Whether asking again would be no use.
   * @param status The HTTP status that it answered with, if that was the reason.
   */
  constructor(message: string, readonly isFinal: boolean, options?: ErrorOptions, readonly status?: number) {
    super(message, options);
  }
}

/** Most bytes of a file whose size only its server states: one that never ends must not fill the disk. */
const MAX_BYTES = 2 ** 34;

/**
 * Gets a file from a server into an unfinished one, from where that ends if the server still has the same
 * file.
 *
 * @throws {DownloadFailure} if the server does not give all of it.
 */
export async function transfer(
  url: string,
  file: Pick<RemoteFile, "size">,
  part: PartFile,
  context: DownloadContext,
): Promise<void> {
  const { signal, progress, stallTime = 30_000 } = context;
  const stalled = new AbortController();
  const stall = () => stalled.abort(new DownloadFailure(`nothing came for ${stallTime / 1000} s`, false));
  let timer = setTimeout(stall, stallTime);
  try {
    const more = context.headers?.(url) ?? {};
    const response = await ask(url, part, more, AbortSignal.any([signal, stalled.signal]));
    const total = accept(response, url, file, part);
    const trusted = file.size ?? context.most ?? MAX_BYTES;
    const tooMuch = (): DownloadFailure => {
      part.restart("");
      const most = file.size === undefined
        ? `${trusted} bytes that are allowed`
        : `${trusted} bytes expected`;
      return new DownloadFailure(`the server sends more than the ${most}`, true);
    };
    if (total !== undefined && total > trusted) throw tooMuch();
    const most = total ?? trusted;
    const what = url.slice(url.lastIndexOf("/") + 1);
    for await (const bytes of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(stall, stallTime);
      if (part.length + bytes.length > most) throw tooMuch();
      part.append(bytes);
      progress({ what, done: part.length, ...(total === undefined ? {} : { total }), unit: "bytes" });
    }
    if (total !== undefined && part.length < total) {
      throw new DownloadFailure(`the connection ended after ${part.length} of ${total} bytes`, false);
    }
  } catch (cause) {
    if (cause instanceof DownloadFailure) throw cause;
    signal.throwIfAborted();
    if (stalled.signal.aborted) throw stalled.signal.reason;
    // Only the network fails with one of these; all others are mistakes, or the disk
    if (!(cause instanceof TypeError || host().isNetworkError(cause))) throw cause;
    throw new DownloadFailure(networkReason(messageOf((cause as Error).cause ?? cause)), false, { cause });
  } finally {
    clearTimeout(timer);
    // Ends the connection if the body was not read to its end
    stalled.abort();
  }
}

/** Asks for the rest of a file if its beginning has come from here, and for all of it otherwise. */
async function ask(
  url: string,
  part: PartFile,
  more: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  const validator = validatorOf(part.version, url);
  const range: Record<string, string> = part.length > 0 && validator !== undefined
    ? { "Range": `bytes=${part.length}-`, "If-Range": validator }
    : {};
  // Bytes are counted and resumed as they lie on the server
  return await fetch(url, { signal, headers: { ...more, ...range, "Accept-Encoding": "identity" } });
}

/** Prepares the unfinished file for the response, and returns its final length, if the server states it. */
function accept(
  response: Response,
  url: string,
  file: Pick<RemoteFile, "size">,
  part: PartFile,
): number | undefined {
  const { status, headers } = response;
  let total: number | undefined;
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("Content-Range") ?? "");
    if (range === null || Number(range[1]) !== part.length) {
      part.restart("");
      throw new DownloadFailure("the server sent another part of the file than it was asked for", false);
    }
    total = range[2] === "*" ? undefined : Number(range[2]);
  } else if (response.ok) {
    part.restart(versionOf(headers, url));
    const length = headers.get("Content-Length");
    total = length === null ? undefined : Number(length);
  } else {
    // Not the rest of this file; the next attempt requests all of it
    if (status === 416) part.restart("");
    const isFinal = status < 500 && ![408, 416, 429].includes(status);
    throw new DownloadFailure(`the server answered ${status}`, isFinal, undefined, status);
  }
  if (total !== undefined && file.size !== undefined && total !== file.size) {
    part.restart("");
    throw new DownloadFailure(`the server has a file of ${total} bytes, expected ${file.size}`, true);
  }
  return total;
}

/** What names the version of a file on a server, together with its URL; empty if nothing does for certain. */
function versionOf(headers: Headers, url: string): string {
  const tag = headers.get("ETag");
  const validator = tag !== null && !tag.startsWith("W/") ? tag : headers.get("Last-Modified");
  return validator === null ? "" : JSON.stringify({ url, validator });
}

function validatorOf(version: string, url: string): string | undefined {
  try {
    const parsed = JSON.parse(version);
    return parsed?.url === url && typeof parsed.validator === "string" ? parsed.validator : undefined;
  } catch {
    return undefined;
  }
}

import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { DatasetError } from "./contract.ts";
import { unpackGzip } from "./idx.ts";
import { messageOf } from "./wording.ts";

/** A file to download. */
export interface Download {
  /** Where it can be had; tried in this order. */
  readonly urls: readonly string[];
  /** Where it goes. */
  readonly path: string;
  /** SHA-256 of its unpacked content, in hexadecimal digits. */
  readonly sha256: string;
}

/** Who waits for a download. */
export interface DownloadContext {
  /** Aborts the download. */
  readonly signal: AbortSignal;
  /** Is told what goes on. */
  readonly report: (message: string) => void;
  /** Gets a file from the network; the global `fetch` but in tests. */
  readonly fetch?: (url: string, init: { signal: AbortSignal }) => Promise<Response>;
}

/**
 * Downloads a gzip file from the first place that has it, checks what is in it, and only then gives it its name: a file
 * of that name is always whole.
 *
 * @throws {DatasetError} Where no place gives the right file, or it cannot be written.
 */
export async function download(file: Download, context: DownloadContext): Promise<void> {
  const { urls, path, sha256 } = file;
  const { signal, report, fetch = globalThis.fetch } = context;
  const failures: string[] = [];
  for (const url of urls) {
    signal.throwIfAborted();
    report(`Downloading ${url}`);
    try {
      const response = await fetch(url, { signal });
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`the server answered ${response.status}`);
      }
      const bytes = new Uint8Array(await response.arrayBuffer());
      const found = sha256Of(unpackGzip(bytes, url));
      if (found !== sha256) throw new Error(`its content has SHA-256 ${found}, expected ${sha256}`);
      await writeWhole(path, bytes);
      return;
    } catch (cause) {
      signal.throwIfAborted();
      failures.push(`${url}: ${messageOf(cause)}`);
    }
  }
  throw new DatasetError(`${path} cannot be downloaded: ${failures.join("; ")}`);
}

/** SHA-256 of bytes, in hexadecimal digits. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Writes a file under another name and renames it once it is whole. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  // Two runs may download at once, so each has a name of its own
  const part = `${path}.${crypto.randomUUID()}.part`;
  try {
    await Deno.writeFile(part, bytes, { createNew: true });
    await Deno.rename(part, path);
  } catch (cause) {
    await Deno.remove(part).catch(() => {});
    throw cause;
  }
}

import { host } from "../../../src/host/host.ts";
import { sha256 } from "../../../src/files/sha256.ts";
import type { RemoteFile } from "../contract.ts";
import { openBytes } from "../formats/byte_source.ts";
import { kindOf } from "../formats/expected_kind.ts";
import { messageOf } from "../messages.ts";

/** SHA-256 of a file, or of what gzip unpacks it to, in hexadecimal digits; read piece by piece. */
async function sha256OfFile(path: string, unpack: boolean): Promise<string> {
  const { readable } = await host().open(path);
  return await sha256(unpack ? readable.pipeThrough(new DecompressionStream("gzip")) : readable);
}

/**
 * Says what is wrong with a file that was downloaded, to follow its name; `undefined` if everything that is
 * known of it holds. A web page that came in its place is called one.
 */
export async function problemOf(path: string, file: RemoteFile): Promise<string | undefined> {
  const problem = await mismatchOf(path, file);
  if (problem === undefined) return undefined;
  using source = openBytes(path, true);
  const kind = kindOf(source);
  return kind?.use === "none" ? `${problem}; it is ${kind.name}` : problem;
}

async function mismatchOf(path: string, file: RemoteFile): Promise<string | undefined> {
  const { size } = await host().stat(path);
  if (file.size !== undefined && size !== file.size) return `must have ${file.size} bytes, found ${size}`;
  if (file.sha256 !== undefined) {
    const found = await sha256OfFile(path, false);
    if (found !== file.sha256) return `must have SHA-256 ${file.sha256}, found ${found}`;
  }
  if (file.contentSha256 !== undefined) {
    let found: string;
    try {
      found = await sha256OfFile(path, true);
    } catch (cause) {
      return `cannot be unpacked: expected whole gzip, found "${messageOf(cause)}"`;
    }
    if (found !== file.contentSha256) {
      return `must have SHA-256 ${file.contentSha256} once unpacked, found ${found}`;
    }
  }
  return undefined;
}

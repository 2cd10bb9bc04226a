import { host } from "../../../src/host/host.ts";
import { basename, dirname } from "../../../src/host/paths.ts";
import type { FileKind } from "../../../src/pictures/mod.ts";
import { DatasetError } from "../contract.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { holdsTar, kindOf } from "../formats/expected_kind.ts";
import { failure, quote } from "../messages.ts";
import { openFolder } from "./folder_source.ts";
import { type PictureSource, setOf } from "./picture_source.ts";
import { openTar } from "./tar_source.ts";
import { openZip } from "./zip_source.ts";

/**
 * Lists the pictures in a folder, a zip or a tar, recognized by its content, whatever its name.
 *
 * @param within Folder in it whose other files are counted, empty for all or with `/` at its end.
 * @throws {DatasetError} if there are none.
 */
export async function openSource(data: string, signal: AbortSignal, within = ""): Promise<PictureSource> {
  const info = await host().stat(data).catch((cause) => {
    const missing = host().problemOf(cause) === "NotFound";
    if (!missing) throw failure(`${quote(data)} cannot be read`, cause);
    throw new DatasetError(`There is no folder, zip or tar of pictures at ${quote(data)}`, { cause });
  });
  if (info.isDirectory) return await openFolder(data, signal, within);
  if (!info.isFile) {
    throw new DatasetError(`${quote(data)} must be a folder, zip or tar of pictures, found a pipe or device`);
  }
  return await openerOf(data)(data, signal, within);
}

/** What opens a file. */
function openerOf(path: string): typeof openZip {
  using source = openBytes(path, true);
  const kind = kindOf(source);
  if (kind?.name === "a zip") return openZip;
  if (kind?.name === "a tar") return openTar;
  const set = setOf(basename(path));
  if (set !== undefined && kind?.use !== "none") {
    const root = /^cifar/.test(set) ? path : dirname(path);
    throw new DatasetError(`${quote(path)} is read by --data ${set} --data-root ${quote(root)}`);
  }
  if (kind?.name === "a gzip" && holdsTar(source)) {
    throw new DatasetError(
      `${
        quote(path)
      } is a tar packed with gzip, of which nothing can be reached without reading all before it: ` +
        "unpack it with tar -xzf and give the folder",
    );
  }
  throw new DatasetError(`${quote(path)} is ${whatElse(kind, source, path)}`);
}

/** What a file is that holds no pictures, and what to do. */
function whatElse(kind: FileKind | undefined, source: ByteSource, path: string): string {
  const what = "no folder, zip or tar of pictures";
  if (kind === undefined) {
    const start = source.read(0, Math.min(4, source.size));
    return `${what}: it starts with ` +
      `${Array.from(start, (byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
  }
  const { name, use, advice } = kind;
  if (name === "a gzip") {
    return `a gzip that holds no tar, ${what}: unpack it with gunzip and give what comes out`;
  }
  if (use === "picture") return `${name}, ${what}: ${advice}, ${quote(dirname(path))}`;
  return `${name}, ${what}${advice === "" ? "" : `: ${advice}`}`;
}

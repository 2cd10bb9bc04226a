import { dirname } from "node:path";
import { DatasetError } from "../contract.ts";
import { openBytes } from "../formats/byte_source.ts";
import { holdsTar, kindOf } from "../formats/expected_kind.ts";
import { messageOf, quote } from "../wording.ts";
import { openFolder } from "./folder_source.ts";
import type { PictureSource } from "./picture_source.ts";
import { openTar } from "./tar_source.ts";
import { openZip } from "./zip_source.ts";

/**
 * Lists the pictures in a folder, a zip or a tar, which is told by what is in it, whatever it is named.
 *
 * @param within Folder in it whose other files are counted, empty for all or with `/` at its end.
 * @throws {DatasetError} Where there are none.
 */
export async function openSource(data: string, signal: AbortSignal, within = ""): Promise<PictureSource> {
  const info = await Deno.stat(data).catch((cause) => {
    const missing = cause instanceof Deno.errors.NotFound;
    throw new DatasetError(
      missing
        ? `There is no folder, zip or tar of pictures at ${quote(data)}`
        : `${quote(data)} cannot be read: ${messageOf(cause)}`,
      { cause },
    );
  });
  if (info.isDirectory) return await openFolder(data, signal, within);
  if (!info.isFile) {
    throw new DatasetError(`${quote(data)} must be a folder, zip or tar of pictures: found a pipe or device`);
  }
  return await openerOf(data)(data, signal, within);
}

/** What opens a file. */
function openerOf(path: string): typeof openZip {
  using source = openBytes(path, true);
  const kind = kindOf(source);
  if (kind?.name === "a zip") return openZip;
  if (kind?.name === "a tar") return openTar;
  const what = "no folder, zip or tar of pictures";
  if (kind === undefined) {
    const start = source.read(0, Math.min(4, source.size));
    const digits = Array.from(start, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new DatasetError(`${quote(path)} is ${what}: it starts with ${digits}`);
  }
  const fail = (name: string, advice: string) =>
    new DatasetError(`${quote(path)} is ${name}, ${what}${advice === "" ? "" : `: ${advice}`}`);
  if (kind.name === "a gzip") {
    throw holdsTar(source)
      ? fail(
        "a tar packed with gzip, which allows no access to single pictures",
        "unpack it with tar -xzf and give the folder",
      )
      : fail("a gzip that holds no tar", "unpack it with gunzip and give what comes out");
  }
  throw fail(kind.name, kind.use === "picture" ? `${kind.advice}, ${quote(dirname(path))}` : kind.advice);
}

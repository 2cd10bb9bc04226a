import { DatasetError } from "../contract.ts";
import { openFolder } from "./folder_source.ts";
import { messageOf, quote } from "../wording.ts";
import type { PictureSource } from "./picture_source.ts";
import { openTar } from "./tar_source.ts";
import { openZip } from "./zip_source.ts";

/**
 * Lists the pictures in a folder, a zip or a tar.
 *
 * @throws {DatasetError} Where there are none.
 */
export async function openSource(data: string, signal: AbortSignal): Promise<PictureSource> {
  const info = await Deno.stat(data).catch((cause) => {
    const missing = cause instanceof Deno.errors.NotFound;
    throw new DatasetError(
      missing
        ? `There is no folder, zip or tar of pictures at ${quote(data)}`
        : `${quote(data)} cannot be read: ${messageOf(cause)}`,
      { cause },
    );
  });
  if (info.isDirectory) return await openFolder(data, signal);
  return await (/\.(tar|tar\.gz|tgz)$/i.test(data) ? openTar(data, signal) : openZip(data, signal));
}

import { KIND_BYTES } from "../../../src/pictures/mod.ts";
import { tarEntries } from "../formats/tar.ts";
import { openArchive } from "./archive_pictures.ts";
import type { PictureSource } from "./picture_source.ts";

/** Members that are listed before others get a turn. */
const TURN = 4096;

/**
 * Lists the pictures in a tar file. Only its headers are read now, and single pictures later. A hard link is
 * a picture if an earlier member is that it names; a link if one in another folder is.
 *
 * @param within Folder whose other members are counted, empty for all or with `/` at its end.
 * @throws {DatasetError} if the file is no whole tar, holds no pictures, or has a path that leads out of it.
 */
export function openTar(path: string, signal: AbortSignal, within = ""): Promise<PictureSource> {
  return openArchive(path, within, async (source, pictures) => {
    let count = 0;
    for (const { kind, name, offset, size, target = "" } of tarEntries(source, path)) {
      if (count++ % TURN === 0) await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      if (kind === "file") {
        const start = () => source.read(offset, Math.min(size, KIND_BYTES));
        pictures.addFile(name, { path, offset, size }, start);
      } else if (kind === "link") pictures.addLink(name, target);
      else if (kind === "hard link") pictures.addHardLink(name, target);
      else pictures.addOther(["pipe, device or file with holes", "pipes, devices or files with holes"], name);
    }
  });
}

import { DatasetError } from "../contract.ts";
import { openBytes } from "../formats/byte_source.ts";
import { type TarMember, tarMembers } from "../formats/tar.ts";
import { quote } from "../wording.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { isPicture, noPictures, type PictureSource } from "./picture_source.ts";

/** Members that are listed before others get a turn. */
const TURN = 4096;

/**
 * Lists the pictures in a tar file. Only its headers are read now, and single pictures later.
 *
 * @throws {DatasetError} Where the file is no whole tar, holds no pictures, or has a link or a path that leads out of it.
 */
export async function openTar(path: string, signal: AbortSignal): Promise<PictureSource> {
  const source = openBytes(path);
  try {
    const [first, second] = source.read(0, Math.min(2, source.size));
    if (first === 0x1f && second === 0x8b) {
      throw new DatasetError(
        `${
          quote(path)
        } is packed with gzip, which allows no access to single pictures: unpack it with gunzip`,
      );
    }
    const members = new Map<string, TarMember>();
    const others: string[] = [];
    for (const member of tarMembers(source, path)) {
      if ((members.size + others.length) % TURN === 0) await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      if (isPicture(member.name)) members.set(member.name, member);
      else others.push(member.name);
    }
    if (members.size === 0) throw noPictures(path, others);
    return {
      names: [...members.keys()].sort(),
      read(name) {
        const { offset, size } = members.get(name)!;
        return Promise.try(() => source.read(offset, size));
      },
      placeOf(name) {
        const { offset, size } = members.get(name)!;
        return { path, offset, size };
      },
      fingerprint: (_, signal) => fingerprintFiles([path], signal),
      close: () => Promise.resolve(source[Symbol.dispose]()),
    };
  } catch (cause) {
    source[Symbol.dispose]();
    throw cause;
  }
}

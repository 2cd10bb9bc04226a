import { host } from "../../../src/host/host.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { type FilePart, readPart } from "./file_part.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { PassedOver } from "./passed_over.ts";
import { picksPicture } from "./picks_picture.ts";
import { isHidden, noPictures, type PictureSource } from "./picture_source.ts";

/** Most bytes that a picture in an archive may have; a zip of a kilobyte can hold gigabytes of nothing. */
const MOST_PICTURE: number = 256 * 2 ** 20;

/** What a link is that leads to none. */
export const NO_PICTURE = ["link to no picture", "links to no pictures"] as const;

/** Links to links that are followed. */
const MOST_LINKS = 40;

/**
 * Opens an archive as a source of pictures.
 *
 * @param within Folder whose other members are counted, empty for all or with `/` at its end.
 * @param list Adds all members.
 * @throws {DatasetError} if it holds no pictures, or `list` says what is wrong.
 */
export async function openArchive(
  path: string,
  within: string,
  list: (source: ByteSource, pictures: ArchivePictures) => Promise<void>,
): Promise<PictureSource> {
  const source = openBytes(path);
  try {
    const passed = new PassedOver(within);
    const pictures = new ArchivePictures(passed);
    await list(source, pictures);
    const parts = pictures.finish();
    if (parts.size === 0 && within === "") throw noPictures(path, passed);
    return {
      names: [...parts.keys()].sort(),
      passed,
      read: (name) => Promise.try(() => readPart(parts.get(name)!, source)),
      placeOf: (name) => parts.get(name)!,
      fingerprint: (_, signal) => fingerprintFiles([path], signal),
      close: () => Promise.resolve(source[Symbol.dispose]()),
    };
  } catch (cause) {
    source[Symbol.dispose]();
    throw cause;
  }
}

/** Gathers the pictures of an archive as its members come, and then follows the links between them. */
export class ArchivePictures {
  readonly #passed: PassedOver;
  readonly #parts = new Map<string, FilePart>();
  /** What each link says, from the folder that it lies in. */
  readonly #links = new Map<string, string>();

  /** @param passed Counts what is not used. */
  constructor(passed: PassedOver) {
    this.#passed = passed;
  }

  /**
   * Adds a file, if it is a picture.
   *
   * @param start Reads its first bytes.
   */
  addFile(name: string, part: FilePart, start: () => Uint8Array): void {
    if (!picksPicture(name, start, this.#passed)) return;
    const size = part.packed?.size ?? part.size;
    if (size > MOST_PICTURE) {
      const more = `of more than ${MOST_PICTURE / 2 ** 20} MiB`;
      return this.#passed.add([`picture ${more}`, `pictures ${more}`], name);
    }
    this.#set(name, part);
  }

  /** Adds another name of a file that came before, by its path in the archive. */
  addHardLink(name: string, target: string): void {
    const part = this.#parts.get(target);
    if (part !== undefined && !isHidden(name)) this.#set(name, part);
    else this.addOther(NO_PICTURE, name);
  }

  /** Adds a link that says where to go from its own folder. */
  addLink(name: string, target: string): void {
    this.#links.set(name, target);
  }

  /** Counts another entry that is not used. */
  addOther(way: string | readonly [one: string, many: string], name: string, advice = ""): void {
    if (!isHidden(name)) this.#passed.add(way, name, advice);
  }

  /** The pictures by their names; call it once, after all members were added. */
  finish(): ReadonlyMap<string, FilePart> {
    const folders = new Set<string>();
    for (const name of this.#links.size > 0 ? this.#parts.keys() : []) {
      for (
        let at = host().posix.dirname(name);
        at !== "." && !folders.has(at);
        at = host().posix.dirname(at)
      ) folders.add(at);
    }
    // Kept apart from `#parts`, so that the order of links does not matter
    const found = new Map<string, FilePart>();
    for (const name of this.#links.keys()) {
      const target = this.#targetOf(name);
      const part = target === undefined ? undefined : this.#parts.get(target);
      const way = target === undefined
        ? ["link out of the archive", "links out of the archive"] as const
        : folders.has(target) || target === "."
        ? ["link to a folder", "links to folders"] as const
        : part === undefined
        ? NO_PICTURE
        : host().posix.dirname(target) === host().posix.dirname(name)
        ? ["link to a picture in the same archive", "links to pictures in the same archive"] as const
        : undefined;
      if (way !== undefined) this.addOther(way, name);
      else if (!isHidden(name)) found.set(name, part!);
    }
    for (const [name, part] of found) this.#set(name, part);
    return this.#parts;
  }

  /**
   * Where a chain of links ends: the link itself if it is circular, nothing if it leads out of the archive.
   */
  #targetOf(name: string): string | undefined {
    let at = name;
    for (let i = 0; i < MOST_LINKS; i++) {
      const target = this.#links.get(at);
      if (target === undefined) return at;
      if (host().posix.isAbsolute(target)) return undefined;
      at = host().posix.join(host().posix.dirname(at), target.replaceAll("\\", "/")).replace(/\/$/, "");
      if (at === ".." || at.startsWith("../")) return undefined;
    }
    return name;
  }

  #set(name: string, part: FilePart): void {
    if (this.#parts.has(name)) {
      this.#passed.add(
        [
          "earlier picture of the same name as a later one",
          "earlier pictures of the same names as later ones",
        ],
        name,
      );
    }
    this.#parts.set(name, part);
  }
}

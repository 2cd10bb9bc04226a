/**
 * Files that are whole or not there.
 *
 * @module
 */

/**
 * Writes a file so that whoever opens the path finds either the old content or the whole new one, also after a crash
 * or a power cut: the bytes go to a temporary file beside it, are forced to disk, and only then take its name.
 *
 * A process that is killed on the way leaves `<path>.<random>.tmp` behind, and the old file as it was.
 *
 * @param path Where to write. Its folder must exist.
 * @param content The bytes, in one piece or in several.
 * @throws {Error} naming the file, with what the system reported as its cause. The old file is then untouched and the
 * temporary one removed.
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    {
      using file = await Deno.open(temporary, { write: true, createNew: true });
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        await writeAll(file, chunk);
      }
      await file.sync();
    }
    await Deno.rename(temporary, path);
    await syncFolderOf(path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {});
    throw new Error(`Cannot write ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}

/** Forces the name of a path to disk. Windows has no such call; there a rename itself is journaled. */
export async function syncFolderOf(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  const end = path.lastIndexOf("/");
  using folder = await Deno.open(end < 0 ? "." : path.slice(0, end + 1), { read: true });
  await folder.sync();
}

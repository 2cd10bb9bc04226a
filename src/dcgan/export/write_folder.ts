import { AtomicFile, syncFolderOf } from "../../files/atomic_write.ts";
import { host } from "../../host/host.ts";

/** A file of a folder to write. */
export interface FolderFile {
  /** Its name there. */
  readonly name: string;
  /** Its bytes, in pieces. */
  readonly content: readonly Uint8Array<ArrayBuffer>[];
}

/** Text as the content of a file. */
export function textFile(name: string, text: string): FolderFile {
  return { name, content: [new TextEncoder().encode(text)] };
}

/**
 * Writes files into a folder: into a new one all of them or none. In one that is there, files of the same names
 * are replaced once all are written, and others stay.
 *
 * @returns their paths.
 * @throws {Error} naming the file, with what the system reported as its cause. Nothing is left then.
 */
export async function writeFolder(out: string, files: readonly FolderFile[]): Promise<string[]> {
  const folder = out.replace(/(?<=.)[\\/]+$/, "");
  const temporary = `${folder}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  const failed = (path: string) => (cause: unknown) =>
    new Error(`Cannot write ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  const paths = files.map(({ name }) => `${folder}/${name}`);
  try {
    await host().mkdir(temporary, { recursive: true }).catch((cause) => {
      throw failed(folder)(cause);
    });
    for (const [at, { name, content }] of files.entries()) {
      await using file = await AtomicFile.open(`${temporary}/${name}`, { toError: failed(paths[at]!) });
      for (const piece of content) await file.write(piece);
      await file.finish();
    }
    await takeName(temporary, folder, files.map(({ name }) => name)).catch((cause) => {
      throw failed(folder)(cause);
    });
  } finally {
    // It has another name by now, or is of no use
    await host().remove(temporary, { recursive: true }).catch(() => {});
  }
  return paths;
}

async function takeName(temporary: string, folder: string, names: readonly string[]): Promise<void> {
  if (await host().stat(folder).then(() => false, () => true)) {
    await host().rename(temporary, folder);
  } else {
    for (const name of names) await host().rename(`${temporary}/${name}`, `${folder}/${name}`);
  }
  await syncFolderOf(folder);
}

/** Folders that tests fill with files. */
import { dirname } from "node:path";

/** Files by path; what is `null` is left out. */
export type Files = Readonly<Record<string, Uint8Array | string | null>>;

/** Writes files to a folder, which goes afterwards. */
export async function withFiles<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      if (content === null) continue;
      const path = `${folder}/${name}`;
      await Deno.mkdir(dirname(path), { recursive: true });
      await (typeof content === "string" ? Deno.writeTextFile(path, content) : Deno.writeFile(path, content));
    }
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

import { dirname } from "node:path";
import { encodePng, type Picture } from "../../../src/pictures/mod.ts";
import { jpeg, ramp } from "../../pictures/files.ts";
import { zip } from "../support/zip_file.ts";

/** A plain picture but for one dark pixel. */
export function plain(level: number, width = 20, height = 12): Picture {
  const data = new Uint8Array(width * height).fill(level);
  data[Math.floor(height / 2) * width + Math.floor(width / 2)] = 0;
  return { width, height, channels: 1, data };
}

/** Pictures of two classes, by their paths. */
export async function pictures(): Promise<Record<string, Uint8Array>> {
  return {
    "train/cat/b.png": await encodePng(plain(100)),
    "train/cat/a.png": await encodePng(plain(200)),
    "train/dog/c.jpg": await jpeg(ramp(30, 40)),
    "test/cat/d.JPEG": await jpeg(ramp(16, 16)),
    "notes.txt": new TextEncoder().encode("no picture"),
    ".hidden/x.png": new Uint8Array(),
    "__MACOSX/._a.png": new Uint8Array(),
  };
}

/** Writes files to a folder that is deleted afterwards. */
export async function withFolder(
  files: Record<string, Uint8Array>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.mkdir(dirname(`${folder}/${name}`), { recursive: true });
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes the same files to a folder and to a zip. */
export async function withBoth(
  files: Record<string, Uint8Array>,
  use: (data: string) => Promise<void>,
): Promise<void> {
  await withFolder(files, use);
  const members = Object.entries(files).map(([name, data], i) => ({ name, data, method: i % 2 ? 0 : 8 }));
  await withFolder({ "set.zip": zip(members) }, (folder) => use(`${folder}/set.zip`));
}

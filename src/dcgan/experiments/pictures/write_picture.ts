import { writeFileAtomic } from "../../../files/atomic_write.ts";
import { encodePng, type Picture } from "../../../pictures/mod.ts";

/** Writes the picture of an experiment as PNG, whole or not at all. */
export async function writePicture(path: string, picture: Picture): Promise<void> {
  await writeFileAtomic(path, await encodePng(picture));
}

import { writeFileAtomic } from "../../../files/atomic_write.ts";
import { encodePng, type Mark, markPng, type Picture } from "../../../pictures/mod.ts";

/**
 * Writes the picture of an experiment as PNG, whole or not at all.
 *
 * @param mark What the file says of itself, if anything.
 */
export async function writePicture(path: string, picture: Picture, mark?: Mark): Promise<void> {
  const png = await encodePng(picture);
  await writeFileAtomic(path, mark ? markPng(png, mark) : png);
}

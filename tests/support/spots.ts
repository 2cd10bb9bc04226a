import { encodePng } from "../../src/pictures/mod.ts";

/** Writes pictures of 14x14 pixels, each of another gray. */
export async function writeSpots(folder: string, count: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const data = new Uint8Array(14 * 14 * 3).fill(8 * i);
    const file = await encodePng({ width: 14, height: 14, channels: 3, data });
    await Deno.writeFile(`${folder}/${i}.png`, file);
  }
}

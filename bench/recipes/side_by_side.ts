import { decodePicture, encodePng, type Picture, toRgb } from "../../src/pictures/mod.ts";

/** Pixels between two grids. */
const GAP = 8;

/** Writes the real images of the first run, and the last samples of each, into one picture. */
export async function writeSideBySide(runs: readonly string[], path: string): Promise<void> {
  const files = [`${runs[0]}/real.png`, ...await Promise.all(runs.map(lastSamples))];
  const grids = await Promise.all(
    files.map(async (file) => toRgb(await decodePicture(await Deno.readFile(file)))),
  );
  await Deno.writeFile(path, await encodePng(inARow(grids)));
}

/** Path of a run's last grid of samples. */
async function lastSamples(run: string): Promise<string> {
  const names = (await Array.fromAsync(Deno.readDir(`${run}/samples`))).map(({ name }) => name).sort();
  return `${run}/samples/${names.at(-1)}`;
}

/** Pictures beside each other, on white. */
function inARow(pictures: readonly Picture[]): Picture {
  const width = pictures.reduce((sum, picture) => sum + picture.width + GAP, -GAP);
  const height = Math.max(...pictures.map((picture) => picture.height));
  const data = new Uint8Array(width * height * 3).fill(255);
  let left = 0;
  for (const picture of pictures) {
    const row = picture.width * 3;
    for (let y = 0; y < picture.height; y++) {
      data.set(picture.data.subarray(y * row, (y + 1) * row), 3 * (y * width + left));
    }
    left += picture.width + GAP;
  }
  return { width, height, channels: 3, data };
}

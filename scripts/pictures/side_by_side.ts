import { openGenerator } from "../../src/dcgan/explore/open_generator.ts";
import { Sheet, sheetShape } from "../../src/dcgan/explore/sheet.ts";
import { plotCurves } from "../../src/dcgan/plot/plot_curves.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { train } from "../../src/dcgan/train.ts";
import type { Device } from "../../src/gpu/mod.ts";
import type { Picture } from "../../src/pictures/mod.ts";
import type { Case } from "./cases.ts";

/** Samples in a row. */
const COLUMNS = 12;

/** Pixels of the curves below. */
const CURVES = { width: 960, height: 260 } as const;

/** Trains the runs of a case, unless they are there, and draws the same latent vectors at each step. */
export async function sideBySide(
  device: Device,
  { shared, runs, steps, curve }: Case,
  folder: string,
  say: (line: string) => void,
): Promise<Picture> {
  const folders = new Map(
    Object.keys(runs).map((name) => [name, `${folder}/${name.replaceAll(/\W+/g, "-")}`]),
  );
  for (const [name, options] of Object.entries(runs)) {
    const out = folders.get(name)!;
    if (await exists(out)) continue;
    say(`${name}: ${out}`);
    const saved = { steps: Math.max(...steps), checkpointEvery: steps[0], keep: "all" } as const;
    await trainQuietly(device, { ...shared, ...options, ...saved, out, scoreEvery: 0 });
  }
  const rows: { label: string; pictures: Uint8Array }[] = [];
  let shape: Parameters<typeof sheetShape>[0] | undefined;
  for (const [name, run] of folders) {
    for (const [at, step] of steps.entries()) {
      using generator = await openGenerator(device, run, { from: step });
      shape = { size: generator.size, channels: generator.channels };
      const pictures = await generator.draw(generator.latents(1, COLUMNS));
      rows.push({ label: `${at === 0 ? `${name}, ` : ""}step ${step.toLocaleString("en")}`, pictures });
    }
  }
  const layout = { columns: COLUMNS, rows: rows.length, left: rows.map(({ label }) => label) };
  const sheet = new Sheet(sheetShape(shape!), layout, "draw the samples");
  for (const [row, { pictures }] of rows.entries()) {
    const each = pictures.length / COLUMNS;
    for (let column = 0; column < COLUMNS; column++) {
      sheet.place(pictures.subarray(column * each, (column + 1) * each), column, row);
    }
  }
  if (!curve) return sheet.picture;
  const [field, title] = curve;
  const numbers = await Promise.all(
    [...folders].map(async ([name, run]) => [name, await valuesOf(run, field)] as const),
  );
  const points = Array.from(
    { length: Math.max(...steps) },
    (_, at) => Object.fromEntries(numbers.map(([name, values]) => [name, values[at]])),
  );
  return stacked(sheet.picture, plotCurves(points, { ...CURVES, title }));
}

async function trainQuietly(device: Device, options: TrainOptions): Promise<void> {
  for await (const _ of train(device, { ...options, report: false }));
}

/** A number of each step. */
async function valuesOf(run: string, field: string): Promise<(number | undefined)[]> {
  const lines = (await Deno.readTextFile(`${run}/metrics.jsonl`)).trimEnd().split("\n");
  return lines.map((line) => {
    const value: unknown = JSON.parse(line)[field];
    return typeof value === "number" ? value : undefined;
  });
}

/** A picture above another one, on white. */
function stacked(above: Picture, below: Picture): Picture {
  const width = Math.max(above.width, below.width);
  const height = above.height + below.height;
  const data = new Uint8Array(width * height * 3).fill(255);
  for (const [picture, top] of [[above, 0], [below, above.height]] as const) {
    const row = picture.width * 3;
    for (let y = 0; y < picture.height; y++) {
      data.set(picture.data.subarray(y * row, (y + 1) * row), (top + y) * width * 3);
    }
  }
  return { width, height, channels: 3, data };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

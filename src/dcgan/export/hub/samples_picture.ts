import { type Device, openDevice } from "../../../gpu/mod.ts";
import { type Channels, encodePng, markPng, sidesOf } from "../../../pictures/mod.ts";
import { markOfDrawing } from "../../explore/marks/mark_of.ts";
import { openGenerator } from "../../explore/open_generator.ts";
import { arrange } from "../../sampling/arrangement.ts";
import { chooseClasses } from "../../sampling/choose_classes.ts";
import { classRows } from "../../sampling/class_rows.ts";
import type { LoadGeneratorOptions } from "../../sampling/load_generator.ts";

/** Seed of the samples. They are not chosen. */
export const SAMPLES_SEED = 1;

/** Classes that have a row at most. */
const MOST_ROWS = 32;

/** Pixels that a side of a sample is shown with at least. */
const LEAST_SIDE = 64;

/** A picture of samples, and what is in it. */
export interface SamplesPicture {
  readonly png: Uint8Array<ArrayBuffer>;
  /** How many there are. */
  readonly count: number;
  /** How many classes have a row; 0 if there are none. */
  readonly rows: number;
}

/** Draws the samples of a card: 64, or of a conditional generator a row of 8 of each class. */
export async function samplesPicture(
  source: string,
  choice: LoadGeneratorOptions,
  device: Device | undefined,
  signal: AbortSignal | undefined,
): Promise<SamplesPicture> {
  using owned = new DisposableStack();
  using generator = await openGenerator(device ?? owned.use(await openDevice()), source, choice);
  const { classes, size, channels, origin } = generator;
  const shown = classes?.slice(0, MOST_ROWS).map((_, at) => at);
  const { labels, count } = chooseClasses(classes, shown, source);
  const drawn = await generator.draw(generator.latents(SAMPLES_SEED, count), labels, signal);
  const { width, height } = sidesOf(size);
  const { data, columns } = classRows(drawn, count, labels?.length ?? 1);
  const scale = Math.ceil(LEAST_SIDE / Math.min(width, height));
  const picture = arrange({ width, height, channels: channels as Channels, data }, { scale }, columns);
  const options = { seed: SAMPLES_SEED, count, scale: scale === 1 ? undefined : scale };
  const mark = markOfDrawing({ command: "sample", what: `${count} samples`, options }, origin);
  return { png: markPng(await encodePng(picture), mark), count, rows: labels?.length ?? 0 };
}

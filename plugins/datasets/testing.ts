/**
 * The tests that every dataset passes, built in or not. Call {@linkcode checkDataset} in a test of your
 * plugin.
 *
 * @example
 * ```ts
 * import type { DatasetPlugin } from "@x/dcgan/datasets";
 * import { checkDataset } from "@x/dcgan/datasets/testing";
 *
 * const stripes: DatasetPlugin = {
 *   apiVersion: 1,
 *   name: "stripes",
 *   open: ({ width, height, channels = 1 }) => ({
 *     length: 100,
 *     shape: [height, width, channels],
 *     read(indices, into) {
 *       const each = width * height * channels;
 *       for (let i = 0; i < into.length; i++) {
 *         into[i] = (i % each) * (1 + indices[Math.floor(i / each)]!) % 256;
 *       }
 *     },
 *   }),
 * };
 * await checkDataset(stripes, { size: 16 });
 * ```
 *
 * @module
 */
import "../../src/host/on_native.ts";
import { type ImageSize, sidesOf } from "../../src/pictures/mod.ts";
import type { OpenDataset } from "./opening/checked_dataset.ts";
import { DatasetError, type DatasetPlugin } from "./contract.ts";
import { openDataset, type OpenDatasetOptions } from "./opening/open.ts";
import { quote } from "./messages.ts";

/** Thrown if a dataset does not do what every dataset must. */
export class ConformanceError extends Error {
  /** Name of the class. */
  override name = "ConformanceError";
}

/** What is checked, in this order. */
const checks: Readonly<Record<string, (subject: Subject) => Promise<void>>> = {
  "shape": checkShape,
  "range": checkRange,
  "determinism and random access": checkAccess,
  "indices": checkIndices,
  "labels": checkLabels,
  "two at once": checkTwo,
  "cancellation": checkCancellation,
  "closing": checkClosing,
};

/** Names of the checks that {@linkcode checkDataset} makes, in its order. */
export const conformanceChecks: readonly string[] = Object.keys(checks);

/**
 * Holds a dataset to the contract: shape, range, determinism, random access, repeated and out-of-range
 * indices, labels, cancellation, and two opens at once.
 *
 * @param dataset The plugin, or what names it; see {@linkcode openDataset}.
 * @param options With a size that it opens quickly with, and where its data is.
 * @param report Called with the name of each check that passed.
 * @throws {ConformanceError} if a check fails; it says which one, and how.
 * @throws The reason of the signal in `options`, once that aborts.
 * @throws {DatasetError} if it does not open, or cannot be read.
 */
export async function checkDataset(
  dataset: string | DatasetPlugin,
  options: OpenDatasetOptions,
  report: (check: string) => void = () => {},
): Promise<void> {
  const subject: Subject = {
    size: options.size,
    open: (more) => openDataset(dataset, { ...options, ...more }),
    read: (opened, indices) => readImages(opened, indices, options.signal),
  };
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check(subject);
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (!(cause instanceof ConformanceError)) throw cause;
      const who = quote(typeof dataset === "string" ? dataset : dataset.name);
      throw new ConformanceError(`Dataset ${who} fails the check of ${name}: ${cause.message}`, { cause });
    }
    report(name);
  }
}

/** What is under test. */
interface Subject {
  readonly size: ImageSize;
  open(more?: Partial<OpenDatasetOptions>): Promise<OpenDataset>;
  read(dataset: OpenDataset, indices: ArrayLike<number>): Promise<Uint8Array>;
}

function hold(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

async function readImages(
  dataset: OpenDataset,
  indices: ArrayLike<number>,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const images = new Uint8Array(indices.length * dataset.shape.reduce((a, b) => a * b));
  await dataset.read(indices, images, signal);
  return images;
}

/** First, middle and last, the first one twice. */
function places({ length }: OpenDataset): number[] {
  return [length - 1, 0, length >> 1, 0];
}

async function checkShape({ size, open, read }: Subject): Promise<void> {
  const sides = sidesOf(size);
  const refusals: string[] = [];
  for (const channels of [undefined, 1, 3] as const) {
    let dataset: OpenDataset;
    try {
      dataset = await open(channels === undefined ? {} : { channels });
    } catch (cause) {
      // A dataset may support only one number of channels, and then throws
      if (channels === undefined || !(cause instanceof DatasetError)) throw cause;
      refusals.push(cause.message);
      continue;
    }
    await using opened = dataset;
    const [height, width, found] = opened.shape;
    const fits = height === sides.height && width === sides.width && found === (channels ?? found);
    hold(fits, `found ${opened.shape.join("x")}`);
    await read(opened, [0]);
  }
  hold(refusals.length < 2, `it must open with 1 or with 3 channels, found "${refusals.join('", "')}"`);
}

async function checkRange({ open, read }: Subject): Promise<void> {
  await using dataset = await open();
  const images = await read(dataset, places(dataset));
  const least = images.reduce((a, b) => Math.min(a, b));
  const most = images.reduce((a, b) => Math.max(a, b));
  hold(least !== most, `first, middle and last image are all of one level, ${most}`);
  hold(most > 1, "levels must be from 0 to 255, found 0 and 1 only");
}

async function checkAccess({ open, read }: Subject): Promise<void> {
  await using dataset = await open();
  const each = dataset.shape.reduce((a, b) => a * b);
  const indices = places(dataset);
  const together = await read(dataset, indices);
  hold(
    same(await read(dataset, indices), together),
    "the same indices must give the same bytes a second time",
  );
  for (const [i, index] of indices.entries()) {
    const alone = await read(dataset, [index]);
    hold(
      same(alone, together.subarray(i * each, (i + 1) * each)),
      `image ${index} must be the same alone and among others`,
    );
  }
  hold(same(together.subarray(each, 2 * each), together.subarray(3 * each)), "an index may occur twice");
  const images = [0, 1, 2].map((i) => together.subarray(i * each, (i + 1) * each));
  const areSame = same(images[0]!, images[1]!) && same(images[1]!, images[2]!);
  hold(dataset.length === 1 || !areSame, "first, middle and last image are the same");
  const frame = new Uint8Array(3 * each).fill(7);
  await dataset.read(Uint32Array.of(0), frame.subarray(each, 2 * each));
  const outside = [...frame.subarray(0, each), ...frame.subarray(2 * each)];
  hold(outside.every((level) => level === 7), "nothing outside its place may be written to");
  hold(
    same(frame.subarray(each, 2 * each), together.subarray(each, 2 * each)),
    "indices may be a Uint32Array",
  );
  await dataset.read([], new Uint8Array());
}

async function checkIndices({ open, read }: Subject): Promise<void> {
  await using dataset = await open();
  for (const index of [dataset.length, -1, 0.5, NaN]) {
    const error = await errorOf(() => read(dataset, [index]));
    hold(
      error instanceof RangeError,
      `index ${index} of ${dataset.length} must be refused, found ${quote(error)}`,
    );
  }
}

async function checkLabels({ open }: Subject): Promise<void> {
  await using dataset = await open();
  await using again = await open();
  for (const [name, { classes, at }] of Object.entries(dataset.labels)) {
    for (const index of places(dataset)) {
      const label = at(index);
      const other = again.labels[name]?.at(index);
      hold(
        at(index) === label && other === label,
        `${quote(name)} of image ${index} must be the same every time`,
      );
    }
    const isTwice = classes !== undefined && new Set(classes).size < classes.length;
    hold(!isTwice, `two classes of ${quote(name)} have one name`);
  }
}

async function checkTwo({ open, read }: Subject): Promise<void> {
  const opening = [open(), open()] as const;
  await using stack = new AsyncDisposableStack();
  for (const opened of await Promise.allSettled(opening)) {
    if (opened.status === "fulfilled") stack.use(opened.value);
  }
  const [one, two] = await Promise.all(opening);
  hold(one.length === two.length, `the second one has ${two.length} images, the first ${one.length}`);
  const indices = places(one);
  const [here, there] = await Promise.all([read(one, indices), read(two, indices)]);
  hold(same(here, there), "both must give the same images");
  await one.close();
  hold(same(await read(two, indices), there), "closing one must not hurt the other");
}

async function checkCancellation({ open, read }: Subject): Promise<void> {
  const signal = AbortSignal.abort(new DOMException("enough", "AbortError"));
  const opening = await errorOf(() => open({ signal }));
  hold(
    opening === signal.reason,
    `opening must end with the signal's reason, found ${quote(String(opening))}`,
  );
  await using dataset = await open();
  const image = new Uint8Array(dataset.shape.reduce((a, b) => a * b));
  const reading = await errorOf(() => dataset.read([0], image, signal));
  hold(
    reading === signal.reason,
    `reading must end with the signal's reason, found ${quote(String(reading))}`,
  );
  const indices = places(dataset);
  const before = await read(dataset, indices);
  for (let tries = 0; tries < 3; tries++) {
    const controller = new AbortController();
    const ended = errorOf(() => dataset.read(indices, new Uint8Array(before.length), controller.signal));
    // At once the first time, then while it reads, if it takes its time
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, tries - 1));
    controller.abort(signal.reason);
    const error = await ended;
    hold(
      error === undefined || error === signal.reason,
      `reading must end with the signal's reason, or succeed, found ${quote(String(error))}`,
    );
    hold(same(await read(dataset, indices), before), "reading that was given up must not change the next");
  }
}

async function checkClosing({ open, read }: Subject): Promise<void> {
  const dataset = await open();
  await dataset.close();
  await dataset.close();
  const error = await errorOf(() => read(dataset, [0]));
  hold(error instanceof DatasetError, "nothing may be read from it once it is closed");
}

async function errorOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
}

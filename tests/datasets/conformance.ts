/** What every dataset must do, whatever it holds. */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { type OpenDataset, openDataset, type OpenDatasetOptions } from "../../plugins/datasets/mod.ts";

/** Reads images one after the other into one array. */
export async function readImages(dataset: OpenDataset, indices: readonly number[]): Promise<Uint8Array> {
  const [height, width, channels] = dataset.shape;
  const into = new Uint8Array(indices.length * height * width * channels);
  await dataset.read(indices, into);
  return into;
}

/**
 * Holds a dataset to the contract: shape, random access, the same bytes every time and to everyone, labels, and errors.
 *
 * @param specifier The dataset.
 * @param options With a size that the dataset opens quickly with.
 */
export async function checkConformance(specifier: string, options: OpenDatasetOptions): Promise<void> {
  const { size } = options;
  for (const channels of [1, 3] as const) {
    await using grey = await openDataset(specifier, { ...options, channels });
    assertEquals(grey.shape, [size, size, channels]);
    const image = await readImages(grey, [0]);
    assert(new Set(image).size > 1, "an image must not be one plain colour");
  }
  await using dataset = await openDataset(specifier, options);
  await using again = await openDataset(specifier, options);
  const { length, shape } = dataset;
  const each = size * size * shape[2];
  assert(length >= 3, "conformance needs 3 images");
  assertEquals([again.length, again.shape], [length, shape]);

  // Random access: last, middle and first, alone and together, repeated, from two that are open at once
  const indices = [length - 1, 0, length >> 1, 0];
  const together = await readImages(dataset, indices);
  for (const [i, index] of indices.entries()) {
    const image = together.subarray(i * each, (i + 1) * each);
    assertEquals(await readImages(again, [index]), image.slice(), `image ${index} depends on how it is read`);
  }
  assertEquals(await readImages(dataset, indices), together);
  assertNotEquals(
    together.slice(0, each),
    together.slice(each, 2 * each),
    "first and last image are the same",
  );
  const [here, there] = await Promise.all([readImages(dataset, [1, 2]), readImages(again, [1, 2])]);
  assertEquals(here, there);

  // Nothing outside its place is touched, and any list of indices will do
  const frame = new Uint8Array(3 * each).fill(7);
  await dataset.read(Uint32Array.of(1), frame.subarray(each, 2 * each));
  assertEquals(frame.slice(0, each), new Uint8Array(each).fill(7));
  assertEquals(frame.slice(2 * each), new Uint8Array(each).fill(7));
  assertEquals(frame.slice(each, 2 * each), here.slice(0, each));
  await dataset.read([], new Uint8Array());

  for (const index of [length, -1, 0.5, NaN]) {
    await assertRejects(
      () => readImages(dataset, [index]),
      RangeError,
      `from 0 to ${length - 1}: found ${index}`,
    );
  }
  await assertRejects(
    () => dataset.read([0, 1], new Uint8Array(each)),
    RangeError,
    `${2 * each}: found ${each}`,
  );

  for (const [name, { classes, at }] of Object.entries(dataset.labels)) {
    for (const index of [0, 1, length - 1]) {
      const label = at(index);
      assertEquals(at(index), label);
      assertEquals(again.labels[name]!.at(index), label);
      if (classes) {
        assert(Number.isInteger(label) && classes[label] !== undefined, `${name} ${index}: ${label}`);
      } else assert(Number.isFinite(label), `${name} ${index}: ${label}`);
    }
    if (classes) {
      assertEquals(new Set(classes).size, classes.length, `classes of ${name} have one name twice`);
    }
  }

  const aborted = AbortSignal.abort(new DOMException("enough", "AbortError"));
  await assertRejects(() => dataset.read([0], new Uint8Array(each), aborted), DOMException, "enough");
  await assertRejects(() => openDataset(specifier, { ...options, signal: aborted }), DOMException, "enough");
  await dataset.close();
  await dataset.close();
  await assertRejects(() => readImages(dataset, [0]), Error, "was closed");
}

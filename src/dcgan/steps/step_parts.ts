import { slice, split, type Tensor } from "../../gpu/mod.ts";

/** Real images, and as many latent vectors. */
export interface StepBatch {
  /** `[images, height, width, channels]`. */
  readonly real: Tensor;
  /** `[images, length]`. */
  readonly latent: Tensor;
  /** Of networks with classes: the class of each image, and of each latent vector; u32 `[images]`. */
  readonly labels?: StepLabels | undefined;
}

/** The classes of what a step takes. */
export interface StepLabels {
  /** Those of the real images. */
  readonly real: Tensor;
  /** Those of the images that the generator is to make of the latent vectors. */
  readonly fake: Tensor;
}

/** A part of a batch. */
export interface MicroBatch extends StepBatch {
  /**
   * Images, real and fake, of the micro-batches before it in the step: the row of its first image among what
   * is drawn for all of them, such as the parameters of an augmentation.
   */
  readonly first: number;
}

/** The micro-batches of each update in a step. */
export interface StepParts {
  /** Those of each update of the discriminator, in order. */
  readonly discriminator: readonly (readonly MicroBatch[])[];
  /**
   * Those of each update of the generator, in order. The first is absent if it is the discriminator's only
   * one, whose fake images are not generated twice. Their real images are those of the discriminator's last
   * update.
   */
  readonly generator: readonly (readonly MicroBatch[] | undefined)[];
}

/**
 * Cuts what a step takes into micro-batches.
 *
 * @param batch Real images of `dSteps` batches, one after another. Of latent vectors there are as many if
 * `dSteps` is 1, else a batch more, for the generator, and in either case `gSteps - 1` more for its further
 * updates.
 * @throws {RangeError} if the numbers do not fit each other.
 */
export function stepParts(
  { real, latent, labels }: StepBatch,
  { dSteps, gSteps, accumulate, own: [ownFirst, ownEnd] = [0, accumulate] }: {
    readonly dSteps: number;
    readonly gSteps: number;
    /** Micro-batches of each update. */
    readonly accumulate: number;
    /** The first of them that is wanted, and the one behind the last; all if not given. */
    readonly own?: readonly [first: number, end: number];
  },
): StepParts {
  for (const [name, value] of Object.entries({ dSteps, gSteps, accumulate })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new RangeError(
      `Cannot take a training step: ${name} must be a whole number of at least 1, found ${value}`,
    );
  }
  const [images = 0] = real.shape;
  const [vectors] = latent.shape;
  if (images % (dSteps * accumulate) !== 0) {
    throw new RangeError(
      `Cannot take a training step: the real images must fall into ${dSteps} batches of ${accumulate} equal parts, ` +
        `found ${images}`,
    );
  }
  const batches = latentBatches({ dSteps, gSteps });
  const wanted = images / dSteps * batches;
  if (vectors !== wanted) {
    const what = batches === 1
      ? `as many as the real images, ${images}`
      : `${wanted}, those of ${batches} batches`;
    throw new RangeError(
      `Cannot take a training step: the latent vectors must be ${what}, found ${vectors}`,
    );
  }
  checkLabels(labels, images, vectors!);
  if (batches * accumulate === 1) {
    return { discriminator: [[{ real, latent, labels, first: 0 }]], generator: [undefined] };
  }
  const [realParts, fakeParts] = [dSteps * accumulate, batches * accumulate];
  const isWhole = ownEnd - ownFirst === accumulate;
  const partsOf = isWhole ? allParts : singleParts;
  const reals = partsOf(real, realParts);
  const latents = partsOf(latent, fakeParts);
  const [realLabels, fakeLabels] = labels
    ? [partsOf(labels.real, realParts), partsOf(labels.fake, fakeParts)]
    : [];
  const each = images / dSteps / accumulate;
  const update = (images: number, vectors: number) =>
    Array.from({ length: ownEnd - ownFirst }, (_, at) => {
      const k = ownFirst + at;
      return {
        real: reals(images * accumulate + k),
        latent: latents(vectors * accumulate + k),
        labels: realLabels && fakeLabels &&
          { real: realLabels(images * accumulate + k), fake: fakeLabels(vectors * accumulate + k) },
        first: 2 * (vectors * accumulate + k) * each,
      };
    });
  const discriminator = Array.from({ length: dSteps }, (_, at) => update(at, at));
  const generator = Array.from(
    { length: gSteps },
    (_, at) => dSteps === 1 && at === 0 ? undefined : update(dSteps - 1, batches - gSteps + at),
  );
  return { discriminator, generator };
}

/** Batches of latent vectors that a step takes: an update of the generator alone has fresh ones. */
export function latentBatches(
  { dSteps, gSteps }: { readonly dSteps: number; readonly gSteps: number },
): number {
  return dSteps === 1 ? gSteps : dSteps + gSteps;
}

/** Parts of a batch by their place, all of them made at once. */
function allParts(batch: Tensor, count: number): (place: number) => Tensor {
  const parts = count === 1 ? [batch] : split(batch, count);
  return (place) => parts[place]!;
}

/** Parts of a batch by their place, each made when it is wanted. */
function singleParts(batch: Tensor, count: number): (place: number) => Tensor {
  const each = batch.shape[0]! / count;
  return (place) => slice(batch, { start: place * each, end: (place + 1) * each });
}

function checkLabels(labels: StepLabels | undefined, images: number, vectors: number): void {
  for (
    const [what, found, wanted] of [["real images", labels?.real, images], [
      "latent vectors",
      labels?.fake,
      vectors,
    ]] as const
  ) {
    if (found === undefined || found.size === wanted) continue;
    throw new RangeError(
      `Cannot take a training step: the labels of the ${what} must be ${wanted}, one for each, found ${found.size}`,
    );
  }
}

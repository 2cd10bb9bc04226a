/**
 * A validation set: a discriminator that knows its training images by heart calls them real, but not images that it has never
 * seen (Karras et al. 2020, section 2). A program of its own shows how far both are apart.
 *
 *     deno run -A examples/validation_set.ts
 */
import { resolveConfig, Trainer } from "@x/dcgan";
import { openDataset } from "@x/dcgan/datasets";
import { type Device, normalizeImages, openDevice } from "@x/dcgan/gpu";
import { meanSigmoid } from "@x/dcgan/nn";

const [SIZE, BATCH, TRAINED, HELD_OUT] = [16, 16, 32, 64] as const;

/** What the discriminator says of images on average, 0 to 1. */
export interface Gap {
  /** Of those that it is trained on. */
  readonly trained: number;
  /** Of others. */
  readonly heldOut: number;
}

/** Trains on very few faces, and compares after some steps. Returns what was found each time. */
export async function watchOverfitting(device: Device, rounds: number, steps: number): Promise<Gap[]> {
  const config = resolveConfig({ size: SIZE, channels: 1, ngf: 16, ndf: 16, batch: BATCH, dNorm: "none" });
  await using faces = await openDataset("faces", {
    size: SIZE,
    channels: 1,
    options: { length: TRAINED + HELD_OUT },
  });
  const read = async (first: number, count: number) => {
    const bytes = new Uint8Array(count * SIZE * SIZE);
    await faces.read(Array.from({ length: count }, (_, i) => first + i), bytes);
    return bytes;
  };
  using trainer = new Trainer(device, config);
  const images = (count: number) => ({ shape: [count, SIZE, SIZE, 1], dtype: "u8" }) as const;
  // Without training: batch norms would otherwise learn from held-out images
  using judge = device.program(
    { trained: images(TRAINED), heldOut: images(HELD_OUT) },
    ({ trained, heldOut }) => {
      const probability = (bytes: typeof trained) =>
        meanSigmoid(trainer.discriminator.forward(normalizeImages(bytes), { training: false }));
      return { trained: probability(trained), heldOut: probability(heldOut) };
    },
  );
  const [trained, heldOut] = [await read(0, TRAINED), await read(TRAINED, HELD_OUT)];
  const gaps: Gap[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < steps; step++) trainer.step(await read(step * BATCH % TRAINED, BATCH));
    judge.run({ trained, heldOut });
    const [known, unknown] = await device.read([judge.outputs.trained, judge.outputs.heldOut]);
    gaps.push({ trained: known![0]!, heldOut: unknown![0]! });
  }
  return gaps;
}

if (import.meta.main) {
  using device = await openDevice();
  for (const [i, { trained, heldOut }] of (await watchOverfitting(device, 10, 50)).entries()) {
    console.log(
      `step ${50 * (i + 1)}: D(x) ${trained.toFixed(3)} in training, ${heldOut.toFixed(3)} held out`,
    );
  }
}

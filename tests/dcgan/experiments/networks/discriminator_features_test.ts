import { assertEquals, assertGreater } from "@std/assert";
import { blocksOf } from "../../../../src/dcgan/experiments/networks/blocks.ts";
import { DiscriminatorFeatures } from "../../../../src/dcgan/experiments/networks/discriminator_features.ts";
import { createDiscriminator } from "../../../../src/dcgan/networks/discriminator.ts";
import type { DiscriminatorArchitecture } from "../../../../src/dcgan/networks/infer_architecture.ts";
import { normalizeImages } from "../../../../src/gpu/mod.ts";
import { Network } from "../../../../src/nn/mod.ts";
import { sidesOf } from "../../../../src/pictures/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

const square: DiscriminatorArchitecture = {
  size: 32,
  channels: 3,
  ndf: 4,
  firstLayer: "transposed",
  pack: 1,
  dNorm: "batch",
};

/** Where windows start and how long they are, so that 4 of them cover a side. */
const WINDOWS: Readonly<Record<number, readonly [stride: number, kernel: number]>> = {
  5: [1, 2],
  6: [1, 3],
  7: [1, 4],
  8: [2, 2],
  10: [2, 4],
  14: [3, 5],
  16: [4, 4],
  20: [5, 5],
};

for (
  const [name, architecture, dimensions] of [
    ["of 32x32", square, 16 * (4 + 8 + 16)],
    ["of 28x28, whose maps 4 does not divide", { ...square, size: 28 }, 16 * (4 + 8)],
    ["of 40x40 in the paper's shape", { ...square, size: 40, firstLayer: "project" }, 16 * (4 + 8 + 16)],
    ["that are not square", { ...square, size: "32x16" }, (8 * 4) * (4 + 8)],
    ["of a discriminator with classes and spectral norm", {
      ...square,
      classes: ["a", "b"],
      dNorm: "spectral",
    }, 448],
  ] as const
) {
  gpuTest(`DiscriminatorFeatures are the largest numbers of all maps for images ${name}`, async (device) => {
    const module = createDiscriminator({ ...architecture, ngf: 1, latent: 1, upsampling: "transposed" });
    using network = new Network(device, module, { seed: 3 });
    const features = new DiscriminatorFeatures(network, architecture);
    assertEquals(features.dimensions, dimensions);
    assertGreater(features.flop, 0);
    const { width, height } = sidesOf(architecture.size);
    const bytes = Uint8Array.from(randomValues(3 * height * width * 3, 1, [0, 256]));
    const found = await features.describe(bytes).data();
    const images = normalizeImages(device.tensor(bytes, { shape: [3, height, width, 3], dtype: "u8" }));
    const expected: number[][] = [[], [], []];
    for (const maps of features.maps(images)) {
      const [, rows = 0, columns = 0, channels = 0] = maps.shape;
      const values = await maps.data();
      const shorter = Math.min(rows, columns);
      const [stride, kernel] = shorter <= 4 ? [1, 1] : WINDOWS[shorter]!;
      for (let image = 0; image < 3; image++) {
        for (let top = 0; top + kernel <= rows; top += stride) {
          for (let left = 0; left + kernel <= columns; left += stride) {
            for (let channel = 0; channel < channels; channel++) {
              let most = -Infinity;
              for (let i = top; i < top + kernel; i++) {
                for (let j = left; j < left + kernel; j++) {
                  most = Math.max(most, values[((image * rows + i) * columns + j) * channels + channel]!);
                }
              }
              expected[image]!.push(most);
            }
          }
        }
      }
    }
    assertEquals([...found], expected.flat());
  });
}

gpuTest(
  "blocksOf() computes the maps that the logits of the network come from, to the last bit",
  async (device) => {
    const architecture = { ...square, firstLayer: "project" } as const;
    const module = createDiscriminator({ ...architecture, ngf: 1, latent: 1, upsampling: "transposed" });
    using network = new Network(device, module, { seed: 3 });
    const x = device.tensor(randomValues(2 * 32 * 32 * 3, 1, [-1, 1]), { shape: [2, 32, 32, 3] });
    const pass = { training: false, precision: "f32" } as const;
    let maps = x;
    for (const block of blocksOf(module)) maps = block.forward(maps, pass);
    const logits = module.children().fc!.forward(maps, pass);
    assertEquals(await logits.data(), await network.forward(x, { training: false }).data());
  },
);

gpuTest(
  "DiscriminatorFeatures of packed images are those of the same image several times",
  async (device) => {
    const architecture = { ...square, size: 16, pack: 2 } as const;
    const module = createDiscriminator({ ...architecture, ngf: 1, latent: 1, upsampling: "transposed" });
    using network = new Network(device, module, { seed: 3 });
    const bytes = Uint8Array.from(randomValues(16 * 16 * 3, 1, [0, 256]));
    const twice = Uint8Array.from(
      { length: 16 * 16 * 6 },
      (_, at) => bytes[Math.floor(at / 6) * 3 + at % 3]!,
    );
    const features = new DiscriminatorFeatures(network, architecture);
    const whole = new DiscriminatorFeatures(network, { ...architecture, channels: 6, pack: 1 });
    assertEquals(await features.describe(bytes).data(), await whole.describe(twice).data());
  },
);

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { logitGradient } from "../../../../src/dcgan/experiments/guided/logit_gradient.ts";
import { createDiscriminator } from "../../../../src/dcgan/networks/discriminator.ts";
import type { Architecture } from "../../../../src/dcgan/networks/architecture.ts";
import { gradients } from "../../../../src/gpu/mod.ts";
import { Conv2d, LeakyRelu, Network, normal } from "../../../../src/nn/mod.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

const SHAPE: Architecture = {
  size: 16,
  channels: 3,
  ngf: 4,
  ndf: 4,
  latent: 8,
  firstLayer: "transposed",
  upsampling: "transposed",
};

const COUNT = 2;
const LENGTH = 16 * 16 * 3;

const KINDS: Readonly<Record<string, { shape: Partial<Architecture>; pack?: number; labels?: number[] }>> = {
  "batch norm": { shape: {} },
  "spectral norm": { shape: { dNorm: "spectral" } },
  "a dense layer": { shape: { firstLayer: "project" } },
  "pictures packed": { shape: { pack: 2 }, pack: 2 },
  "classes": { shape: { classes: ["a", "b", "c"] }, labels: [2, 0] },
};

for (const [kind, { shape, pack, labels }] of Object.entries(KINDS)) {
  gpuTest(`logitGradient() is the slope of the logit along a line, with ${kind}`, async (device) => {
    using network = new Network(device, createDiscriminator({ ...SHAPE, ...shape }), { seed: 3 });
    const options = { labels, ...pack === undefined ? {} : { pack } };
    const images = randomValues(COUNT * LENGTH, 5, [-1, 1]);
    const line = randomValues(COUNT * LENGTH, 6, [-1, 1]);
    const at = (step: number) => {
      const moved = images.map((value, i) => value + step * line[i]!);
      return logitGradient(network, device.tensor(moved, { shape: [COUNT, 16, 16, 3] }), options);
    };
    const { gradient } = at(0);
    assertEquals(gradient.shape, [COUNT, 16, 16, 3]);
    const slopes = await gradient.data();
    const step = 1e-2;
    const [below, above] = [await at(-step).logits.data(), await at(step).logits.data()];
    for (let picture = 0; picture < COUNT; picture++) {
      let slope = 0;
      for (let i = picture * LENGTH; i < (picture + 1) * LENGTH; i++) slope += slopes[i]! * line[i]!;
      const measured = (above[picture]! - below[picture]!) / (2 * step);
      assert(Math.abs(measured) > 1e-4, `${measured} says nothing`);
      // LeakyReLU bends between the two ends
      assertAlmostEquals(slope, measured, 0.05 * Math.abs(measured) + 1e-4);
    }
  });
}

gpuTest(
  "logitGradient() lets back only what is above 0 at each activation, if it is guided",
  async (device) => {
    const strided = { kernel: 4, stride: 2, padding: 1, weight: normal(0, 0.3) };
    const first = new Conv2d(3, 4, strided);
    const last = new Conv2d(4, 1, { kernel: 4, weight: normal(0, 0.3), bias: false });
    using network = new Network(device, [first, new LeakyRelu(0.2), last], { seed: 5 });
    const images = device.tensor(randomValues(2 * 8 * 8 * 3, 7, [-1, 1]), { shape: [2, 8, 8, 3] });
    const { logits, gradient } = logitGradient(network, images, { guided: true });
    const pass = { training: false, precision: "f32" } as const;
    assertEquals(await logits.data(), await network.forward(images, pass).data());
    // By hand: what the last layer sends back, where it and the map are above 0
    const before = first.forward(images, pass);
    const maps = (await before.data()).map((value) => value > 0 ? 1 : 0);
    const weights = await last.parameters().weight!.tensor.data();
    const back = await gradients([last.forward(before, pass)], [before])[0]!.data();
    assertEquals(back.length, 2 * weights.length);
    const kept = device.tensor(back.map((value, i) => value > 0 ? value * maps[i]! : 0), {
      shape: before.shape,
    });
    const [expected] = gradients([first.forward(images, pass)], [images], { seeds: [kept] });
    assertClose(
      await gradient.data(),
      await expected!.data(),
      { relative: 1e-5, absolute: 1e-6 },
      "gradient",
    );
  },
);

gpuTest("logitGradient() refuses guided gradients of a discriminator with classes", (device) => {
  using network = new Network(device, createDiscriminator({ ...SHAPE, classes: ["a", "b"] }), { seed: 3 });
  const images = device.tensor(new Float32Array(LENGTH), { shape: [1, 16, 16, 3] });
  assertThrows(() => logitGradient(network, images, { guided: true, labels: [0] }), RangeError, "classes");
});

import { assert, assertEquals } from "@std/assert";
import { generate } from "../../../src/dcgan/sampling/generate.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { Device } from "../../../src/gpu/mod.ts";
import { Network } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

/** Maps that are enough for sums to be cut into parts on a large card. */
const ARCHITECTURE = {
  size: 16,
  channels: 3,
  ngf: 64,
  ndf: 1,
  latent: 7,
  firstLayer: "project",
  upsampling: "transposed",
} as const;

gpuTest(
  "generate() draws the same samples however many are drawn, by the kernels of a card",
  async (device) => {
    const { gpu, adapter, capabilities } = device;
    const card = new Device(gpu, { ...adapter, name: "NVIDIA H100", software: false }, capabilities);
    const labels = new Set<string>();
    const { launch } = card;
    card.launch = function (kernel, ...rest) {
      labels.add(kernel.label);
      launch.call(card, kernel, ...rest);
    };
    try {
      using generator = new Network(card, createGenerator(ARCHITECTURE), { seed: 1 });
      const { latent } = ARCHITECTURE;
      const draw = async (count: number) => {
        const parts = await Array.fromAsync(
          generate(generator, { count, seed: 3, latent, latentDistribution: "normal" }, "f32"),
        );
        assertEquals(parts.length, 1);
        return parts[0]!;
      };
      const whole = await draw(64);
      assert(labels.has("add parts"), [...labels].join());
      assert(
        [...labels].some((label) => label.startsWith("conv2d input gradient tiled")),
        [...labels].join(),
      );
      for (const count of [1, 5, 40]) {
        assertEquals(
          await draw(count),
          whole.slice(0, count * 768),
          `${count}`,
        );
      }
    } finally {
      card.ledger.destroyAll();
    }
  },
);

import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Architecture, generatorMaps } from "../../../src/dcgan/networks/architecture.ts";
import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { inferDiscriminator, inferGenerator } from "../../../src/dcgan/networks/infer_architecture.ts";
import { sidesOf } from "../../../src/pictures/mod.ts";
import { type Module, namedParameters } from "../../../src/nn/module.ts";
import { Network } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

/** Shapes that do not go without saying. */
const SHAPES: readonly Pick<Architecture, "size" | "base" | "kernel" | "maxMaps" | "channels">[] = [
  { size: 32, base: 8, channels: 2 },
  { size: 32, base: 2, maxMaps: 12, channels: 4 },
  { size: 40, kernel: 5, maxMaps: 24, channels: 1 },
  { size: 60, base: 15, channels: 3 },
  { size: "32x24", channels: 4 },
  { size: "24x32", base: 3, kernel: 5, channels: 3 },
  { size: "16x64", maxMaps: 6, channels: 3 },
];

/** Every architecture of these shapes. */
function* architectures(): Generator<Architecture> {
  for (const shape of SHAPES) {
    for (const firstLayer of ["transposed", "project"] as const) {
      for (const upsampling of ["transposed", "nearest"] as const) {
        yield { ...shape, ngf: 6, ndf: 5, latent: 9, firstLayer, upsampling };
      }
    }
  }
}

/** The shapes of a state dict. */
function shapesOf(module: Module): Map<string, { shape: readonly number[] }> {
  return new Map([...namedParameters(module)].map(([name, { layout }]) => [name, layout]));
}

Deno.test("inferGenerator() and inferDiscriminator() read every shape back off a state dict", () => {
  for (const architecture of architectures()) {
    const { size, base, channels, ngf, ndf, maxMaps, kernel, latent, firstLayer, upsampling } = architecture;
    const label = JSON.stringify(architecture);
    const own = base === undefined ? { size } : { size, base };
    // Nearest upsampling has kernels of its own
    const doubled = kernel === 5 && upsampling === "transposed" ? { kernel } : {};
    const dict = shapesOf(createGenerator(architecture));
    const [widest] = generatorMaps({ ...architecture, maxMaps: undefined });
    const capped = maxMaps !== undefined && maxMaps < widest! ? { maxMaps } : {};
    assertEquals(
      inferGenerator(dict, "G", size),
      { ...own, channels, ngf, ...capped, latent, firstLayer, upsampling, ...doubled },
      label,
    );
    const judging = shapesOf(createDiscriminator({ ...architecture, dNorm: "none" }));
    const found = inferDiscriminator(judging, "D", channels, size);
    const limit = found.maxMaps === undefined ? {} : { maxMaps };
    assertEquals(
      found,
      {
        ...own,
        channels,
        ndf,
        ...limit,
        ...(kernel === 5 ? { kernel } : {}),
        firstLayer,
        pack: 1,
        dNorm: "none",
      },
      label,
    );
    if (typeof size === "number" || firstLayer === "transposed") {
      assertEquals(inferGenerator(dict).size, size);
    }
  }
});

Deno.test("inferGenerator() says what a projection does not tell, and when it is told something else", () => {
  const usual = { channels: 1, ngf: 4, ndf: 4, latent: 5, upsampling: "transposed" } as const;
  const wide = shapesOf(createGenerator({ ...usual, size: "32x24", firstLayer: "project" }));
  assertThrows(() => inferGenerator(wide), RangeError, 'such as "size": "64x48"; found 48 pixels');
  assertThrows(() => inferGenerator(wide, "G", "32x16"), RangeError, "of pictures of 32x16, halved 2 times");
  const other = shapesOf(createGenerator({ ...usual, size: "32x24", firstLayer: "transposed" }));
  assertThrows(
    () => inferGenerator(other, "G", 32),
    RangeError,
    "must be of 32x32, as is said of them, found 32x24",
  );
});

Deno.test("createDiscriminator() ends in a kernel as large as its last maps, as PyTorch has it", () => {
  const wide = {
    size: "48x32",
    channels: 3,
    ngf: 4,
    ndf: 4,
    latent: 5,
    upsampling: "transposed",
    dNorm: "none",
  } as const;
  const shapes = (firstLayer: Architecture["firstLayer"]) =>
    [...shapesOf(createDiscriminator({ ...wide, firstLayer }))].map(([name, { shape }]) =>
      `${name} ${shape}`
    );
  assertEquals(shapes("transposed").filter((one) => !one.includes("bias")), [
    "main.0.weight 4,3,4,4",
    "main.2.weight 8,4,4,4",
    "main.4.weight 16,8,4,4",
    "main.6.weight 1,16,4,6",
  ]);
  assertEquals(shapes("project").at(-2), "fc.weight 1,384");
});

gpuTest("networks of every shape give and take pictures of their size", async (device) => {
  for (const architecture of architectures()) {
    const label = JSON.stringify(architecture);
    const { channels, latent } = architecture;
    const { width, height } = sidesOf(architecture.size);
    using _scope = device.scope();
    using generator = new Network(device, createGenerator(architecture));
    const images = generator.forward(
      device.tensor(randomValues(2 * latent, 1, [-1, 1]), { shape: [2, latent] }),
    );
    assertEquals(images.shape, [2, height, width, channels], label);
    using discriminator = new Network(device, createDiscriminator(architecture));
    const logits = discriminator.forward(images);
    assertEquals(logits.size, 2, label);
    assert((await logits.data()).every(Number.isFinite), label);
  }
});

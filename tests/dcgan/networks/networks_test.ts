import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Architecture, doublingsOf } from "../../../src/dcgan/networks/architecture.ts";
import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import {
  inferDiscriminator,
  inferDiscriminatorWidth,
  inferGenerator,
} from "../../../src/dcgan/networks/infer_architecture.ts";
import { sizeOf } from "../../../src/gpu/tensor/shape.ts";
import { sidesOf } from "../../../src/pictures/mod.ts";
import { type Module, namedParameters, namedStatistics } from "../../../src/nn/module.ts";
import { Network, stateDict, type TensorData } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

type Shapes = Record<string, readonly number[]>;

/** Every architecture of these sizes and widths. */
function* architectures(sizes: readonly number[], width: number): Generator<Architecture> {
  for (const size of sizes) {
    for (const firstLayer of ["transposed", "project"] as const) {
      for (const upsampling of ["transposed", "nearest"] as const) {
        for (const channels of [1, 3]) {
          const usual = { size, channels, ngf: width, ndf: width + 1, latent: 9, firstLayer, upsampling };
          yield usual;
          yield { ...usual, dNorm: "none" };
          yield { ...usual, dNorm: "spectral", gNorm: "none" };
        }
      }
    }
  }
}

/** PyTorch's names and shapes of a module's parameters. */
function parameterShapes(module: Module): Shapes {
  return Object.fromEntries([...namedParameters(module)].map(([name, { layout }]) => [name, layout.shape]));
}

/** The state dict that a module would have, of zeros, without a GPU. */
function zeros(module: Module): Map<string, TensorData> {
  const shapes = [
    ...Object.entries(parameterShapes(module)),
    ...[...namedStatistics(module)].map(([name, { shape }]) => [name, shape] as const),
  ];
  return new Map(shapes.map(([name, shape]): [string, TensorData] => {
    return [name, { dtype: "F32", shape, data: new Float32Array(sizeOf(shape)) }];
  }));
}

function norm(name: string, channels: number): Shapes {
  return { [`${name}.weight`]: [channels], [`${name}.bias`]: [channels] };
}

/** What the generator's parameters must be, counted layer by layer. */
function expectedGenerator(architecture: Architecture): Shapes {
  const { size, channels, ngf, latent, firstLayer, upsampling, gNorm } = architecture;
  const isNormed = gNorm !== "none";
  const { base: { width: base }, count } = doublingsOf({ size });
  const nearest = upsampling === "nearest";
  const widths = Array.from({ length: nearest ? count + 1 : count }, (_, level) => ngf * 2 ** level)
    .reverse();
  const dense = firstLayer === "project";
  const shapes: Shapes = dense
    ? { "project.weight": [base * base * widths[0]!, latent] }
    : { "main.0.weight": [latent, widths[0]!, base, base] };
  if (!isNormed) shapes[dense ? "project.bias" : "main.0.bias"] = [widths[0]! * (dense ? base * base : 1)];
  let position = 1;
  for (const [level, width] of widths.entries()) {
    if (isNormed) Object.assign(shapes, norm(dense ? `bn${level}` : `main.${position}`, width));
    const last = level === widths.length - 1;
    // Batch norm, if there is one, ReLU, and where something is still doubled by repetition, that.
    position += (isNormed ? 2 : 1) + (nearest && !last ? 1 : 0);
    const next = last ? channels : widths[level + 1]!;
    const name = dense ? `conv${level + 1}` : `main.${position}`;
    shapes[`${name}.weight`] = nearest ? [next, width, 3, 3] : [width, next, 4, 4];
    if (!isNormed || (nearest && last)) shapes[`${name}.bias`] = [next];
    position++;
  }
  return shapes;
}

/** What the discriminator's parameters must be. */
function expectedDiscriminator({ size, channels, ndf, firstLayer, dNorm }: Architecture): Shapes {
  const { base: { width: base }, count } = doublingsOf({ size });
  const dense = firstLayer === "project";
  const isNormed = dNorm === undefined || dNorm === "batch";
  const weight = dNorm === "spectral" ? "weight_orig" : "weight";
  const shapes: Shapes = dense
    ? { [`conv1.${weight}`]: [ndf, channels, 4, 4], "conv1.bias": [ndf] }
    : { [`main.0.${weight}`]: [ndf, channels, 4, 4], ...(isNormed ? {} : { "main.0.bias": [ndf] }) };
  let position = 2;
  let width = ndf;
  for (let level = 2; level <= count; level++, position += isNormed ? 3 : 2, width *= 2) {
    const name = dense ? `conv${level}` : `main.${position}`;
    shapes[`${name}.${weight}`] = [2 * width, width, 4, 4];
    if (!isNormed) shapes[`${name}.bias`] = [2 * width];
    else Object.assign(shapes, norm(dense ? `bn${level}` : `main.${position + 1}`, 2 * width));
  }
  if (dense) return { ...shapes, [`fc.${weight}`]: [1, width * base * base], "fc.bias": [1] };
  return { ...shapes, [`main.${position}.${weight}`]: [1, width, base, base] };
}

Deno.test("createGenerator() and createDiscriminator() have the parameters of PyTorch's example", () => {
  const example = {
    size: 64,
    channels: 3,
    ngf: 64,
    ndf: 64,
    latent: 100,
    firstLayer: "transposed",
    upsampling: "transposed",
  } as const;
  assertEquals(parameterShapes(createGenerator(example)), {
    "main.0.weight": [100, 512, 4, 4],
    ...norm("main.1", 512),
    "main.3.weight": [512, 256, 4, 4],
    ...norm("main.4", 256),
    "main.6.weight": [256, 128, 4, 4],
    ...norm("main.7", 128),
    "main.9.weight": [128, 64, 4, 4],
    ...norm("main.10", 64),
    "main.12.weight": [64, 3, 4, 4],
  });
  assertEquals(parameterShapes(createDiscriminator(example)), {
    "main.0.weight": [64, 3, 4, 4],
    "main.2.weight": [128, 64, 4, 4],
    ...norm("main.3", 128),
    "main.5.weight": [256, 128, 4, 4],
    ...norm("main.6", 256),
    "main.8.weight": [512, 256, 4, 4],
    ...norm("main.9", 512),
    "main.11.weight": [1, 512, 4, 4],
  });
  const count = (module: Module) => Object.values(parameterShapes(module)).reduce((n, s) => n + sizeOf(s), 0);
  assertEquals(count(createGenerator(example)), 3_576_704);
  assertEquals(count(createDiscriminator(example)), 2_765_568);
});

Deno.test("createGenerator() names and shapes the parameters of every variant as PyTorch would", () => {
  for (const architecture of architectures([28, 32, 64, 128], 2)) {
    const found = parameterShapes(createGenerator(architecture));
    const expected = expectedGenerator(architecture);
    assertEquals(Object.entries(found), Object.entries(expected), JSON.stringify(architecture));
  }
});

Deno.test("createDiscriminator() names and shapes the parameters of every variant as PyTorch would", () => {
  for (const architecture of architectures([28, 32, 64, 128], 2)) {
    const found = parameterShapes(createDiscriminator(architecture));
    const expected = expectedDiscriminator(architecture);
    assertEquals(Object.entries(found), Object.entries(expected), JSON.stringify(architecture));
  }
});

Deno.test("createGenerator() has a batch norm after every layer but the last, the discriminator none on the first", () => {
  for (const architecture of architectures([32], 2)) {
    const norms = (module: Module) =>
      [...namedStatistics(module).keys()].filter((name) => name.endsWith(".running_mean")).length;
    const { upsampling, dNorm = "batch", gNorm } = architecture;
    assertEquals(
      norms(createGenerator(architecture)),
      gNorm === "none" ? 0 : upsampling === "nearest" ? 4 : 3,
    );
    assertEquals(norms(createDiscriminator(architecture)), dNorm === "batch" ? 2 : 0);
  }
});

gpuTest(
  "createGenerator() gives pictures in [-1, 1], and createDiscriminator() a logit for each",
  async (device) => {
    const batch = 2;
    for (const architecture of architectures([14, 16, 28], 2)) {
      const { size, channels, latent, firstLayer, upsampling } = architecture;
      const label = JSON.stringify(architecture);
      using _scope = device.scope();
      using generator = new Network(device, createGenerator(architecture));
      const z = device.tensor(randomValues(batch * latent, 1, [-1, 1]), { shape: [batch, latent] });
      const images = generator.forward(z);
      const { width, height } = sidesOf(size);
      assertEquals(images.shape, [batch, height, width, channels], label);
      const values = await images.data();
      assert(
        values.every((value) => value >= -1 && value <= 1) && values.some((value) => value !== 0),
        label,
      );
      // The discriminator does not depend on how the generator doubles.
      if (upsampling === "nearest") continue;
      using discriminator = new Network(device, createDiscriminator(architecture));
      const logits = discriminator.forward(images);
      assertEquals(logits.size, batch, `${label} ${firstLayer}`);
      assert((await logits.data()).every(Number.isFinite), label);
    }
  },
);

Deno.test("inferGenerator() reads every variant back off its state dict", () => {
  for (const width of [1, 6]) {
    for (const architecture of architectures([14, 16, 28, 32, 64, 128], width)) {
      const { ndf, dNorm: _, ...generator } = architecture;
      assertEquals(inferGenerator(zeros(createGenerator(architecture))), generator);
      assertEquals(inferDiscriminatorWidth(zeros(createDiscriminator(architecture))), ndf);
    }
  }
});

Deno.test("inferDiscriminator() reads every variant back off its state dict", () => {
  for (const width of [1, 6]) {
    for (const architecture of architectures([14, 16, 28, 32, 64, 128], width)) {
      const { size, channels, ndf, firstLayer, dNorm = "batch" } = architecture;
      const found = inferDiscriminator(zeros(createDiscriminator(architecture)));
      // A single layer before a dense one has a bias and no norm in either case
      const same = size === 14 && firstLayer === "project" && dNorm !== "spectral";
      const expected = { size, channels, ndf, firstLayer, pack: 1, dNorm: same ? "batch" : dNorm } as const;
      assertEquals(found, expected, JSON.stringify(architecture));
    }
  }
});

Deno.test("inferDiscriminator() refuses state dicts of other networks by name", () => {
  for (const architecture of architectures([16, 28, 64], 4)) {
    const dict = zeros(createGenerator(architecture));
    assertThrows(() => inferDiscriminator(dict, "G.safetensors"), RangeError, "G.safetensors is not a disc");
  }
  assertThrows(() => inferDiscriminator(new Map()), RangeError, "found no tensors");
});

Deno.test("inferGenerator() refuses state dicts of other networks by name", () => {
  for (const architecture of architectures([16, 28, 64], 4)) {
    const dict = zeros(createDiscriminator(architecture));
    assertThrows(() => inferGenerator(dict, "D.safetensors"), RangeError, "Cannot draw from D.safetensors");
  }
  assertThrows(() => inferGenerator(new Map()), RangeError, "found no tensors");
  const weight: TensorData = { dtype: "F32", shape: [2, 2], data: new Float32Array(4) };
  assertThrows(() => inferGenerator(new Map([["fc.weight", weight]])), RangeError, "found fc.weight");
  assertThrows(
    () => inferDiscriminatorWidth(new Map([["fc.weight", weight]])),
    RangeError,
    "not a discriminator",
  );
});

gpuTest("inferGenerator() reads what stateDict() wrote", async (device) => {
  const architecture = {
    size: 16,
    channels: 3,
    ngf: 2,
    ndf: 2,
    latent: 5,
    firstLayer: "project",
    upsampling: "nearest",
  } as const;
  using network = new Network(device, createGenerator(architecture));
  const { ndf: _, ...expected } = architecture;
  assertEquals(inferGenerator(await stateDict(network)), expected);
});

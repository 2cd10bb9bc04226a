import { assertEquals } from "@std/assert";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { createImages, type ImageCopy } from "../../../../src/gpu/kernel/images/create_images.ts";
import {
  imageLoad,
  imageType,
  ROW_BYTES,
  textureRows,
} from "../../../../src/gpu/kernel/images/image_memory.ts";
import { type Access, defineKernel, linearGrid } from "../../../../src/gpu/kernel/kernel.ts";
import type { Launch } from "../../../../src/gpu/kernel/launch.ts";
import { conv2d, convTranspose2d, Device, matmul, type Tensor } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

/** A launch of a kernel that does nothing with tensors. */
function launch(...bound: (readonly [Access, Tensor, type?: string])[]): Launch {
  const bindings = bound.map(([access, , type = "vec4f"], i) => {
    const array = access === "image" ? imageType(type as "f32" | "vec4f") : "array<f32>";
    return [`b${i}`, [access, array] as const] as const;
  });
  const kernel = defineKernel({ label: "any", bindings: Object.fromEntries(bindings), body: "" });
  return { kernel, storages: bound.map(([, { storage }]) => storage), uniforms: [], workgroups: [1, 1, 1] };
}

/** Copies by launch, and the number of textures. */
function imagesOf(device: Device, launches: readonly Launch[]) {
  const { ofLaunches, textures, bytes } = createImages(device.gpu, launches, device.ledger);
  for (const texture of textures) device.ledger.destroy(texture);
  return {
    ofLaunches,
    copies: ofLaunches.map(({ copies }) => copies.length),
    textures: textures.length,
    bytes,
  };
}

gpuTest("createImages() copies what does not change once, and what was written again", (device) => {
  const [x, y, z] = [device.empty([4096]), device.empty([4096]), device.empty([4096])];
  const { copies, textures } = imagesOf(device, [
    launch(["image", x], ["write", y]),
    launch(["image", x], ["image", y], ["write", z]),
    launch(["update", x]),
    launch(["image", x], ["write", z]),
  ]);
  assertEquals(copies, [1, 1, 0, 1]);
  assertEquals(textures, 2);
  for (const tensor of [x, y, z]) tensor.dispose();
});

gpuTest(
  "createImages() copies again if a part of a tensor is written, and not for its neighbors",
  (device) => {
    const [whole, y] = [device.empty([4096]), device.empty([64])];
    const [first, second] = [device.slice(whole, 0, [2048]), device.slice(whole, 2048, [2048])];
    const { copies } = imagesOf(device, [
      launch(["image", first], ["write", y]),
      launch(["image", whole], ["write", y]),
      launch(["update", second]),
      launch(["image", first], ["write", y]),
      launch(["image", whole], ["write", y]),
    ]);
    // Both are copied with the first, as they are there by then
    assertEquals(copies, [2, 0, 0, 0, 1]);
    for (const tensor of [first, second, whole, y]) tensor.dispose();
  },
);

gpuTest("createImages() makes images together where it can", (device) => {
  const [a, b, c, y] = [1, 2, 3, 4].map(() => device.empty([4096])) as [Tensor, Tensor, Tensor, Tensor];
  const { copies } = imagesOf(device, [
    launch(["write", a]),
    launch(["write", b]),
    launch(["image", a], ["write", y]),
    launch(["write", c]),
    launch(["image", b], ["write", y]),
    launch(["image", c], ["write", y]),
  ]);
  assertEquals(copies, [0, 0, 2, 0, 0, 1]);
  for (const tensor of [a, b, c, y]) tensor.dispose();
});

gpuTest("createImages() gives a texture to the next image once nobody reads it any more", (device) => {
  const rows = [3, 2, 3];
  const inputs = rows.map((count) => device.empty([count * ROW_BYTES / 4]));
  const y = device.empty([64]);
  const chain = inputs.flatMap((input) => [launch(["write", input]), launch(["image", input], ["write", y])]);
  const { textures, bytes } = imagesOf(device, chain);
  assertEquals([textures, bytes], [1, 3 * ROW_BYTES]);
  const [x] = inputs as [Tensor];
  // One by one and in fours are two images
  assertEquals(imagesOf(device, [launch(["image", x], ["image", x, "f32"], ["write", y])]).textures, 2);
  for (const tensor of [...inputs, y]) tensor.dispose();
});

gpuTest("createImages() makes no texture whose height is a power of two", (device) => {
  const inputs = [1, 2, 3, 4, 200, 256].map((rows) => device.empty([rows * ROW_BYTES / 4]));
  const { textures } = createImages(device.gpu, inputs.map((x) => launch(["image", x])), device.ledger);
  assertEquals(textures.map(({ height }) => height), [3, 3, 3, 5, 200, 257]);
  for (const texture of textures) device.ledger.destroy(texture);
  for (const tensor of inputs) tensor.dispose();
});

gpuTest("images hold tensors of all lengths, to the last element", async (device) => {
  if (!device.capabilities.images) {
    return console.log(`skipped: images are of no use on ${device.adapter.name}`);
  }
  const limit = device.adapter.limits.maxStorageBufferBindingSize / 4;
  for (const size of [1, 5, ROW_BYTES / 4 - 3, ROW_BYTES / 4, 3 * ROW_BYTES / 4 + 2, limit]) {
    using x = device.empty([size]);
    const fill = defineKernel({
      label: "fill",
      bindings: { x: ["write", "array<f32>"] },
      uniforms: { count: "u32" },
      body:
        "  for (var i = index * 64u; i < min(params.count, index * 64u + 64u); i++) { x[i] = f32(i % 8191u); }",
    });
    device.launch(fill, { x }, { count: size }, linearGrid(Math.ceil(size / 64)));
    const compare = defineKernel({
      label: "compare",
      bindings: {
        one: ["image", imageType("f32")],
        four: ["image", imageType("vec4f")],
        wrong: ["update", "array<atomic<u32>>"],
      },
      uniforms: { count: "u32" },
      body: `  for (var i = index * 64u; i < min(params.count, index * 64u + 64u); i++) {
    if (${imageLoad("one", "f32", "i")} != f32(i % 8191u)) { atomicAdd(&wrong[0], 1u); }
    if (${imageLoad("four", "vec4f", "i / 4u")}[i % 4u] != f32(i % 8191u)) { atomicAdd(&wrong[1], 1u); }
  }`,
    });
    using wrong = device.tensor([0, 0], { dtype: "u32" });
    device.launch(compare, { one: x, four: x, wrong }, { count: size }, linearGrid(Math.ceil(size / 64)));
    const [counts] = await device.read([wrong]);
    assertEquals([...counts!], [0, 0], `${size} elements`);
  }
});

gpuTest(
  "operations give the same bytes with images and without, at once and in a program",
  async (device) => {
    const plain = new Device(device.gpu, device.adapter, { ...device.capabilities, images: false });
    const expected = await passOf(plain);
    assertEquals(await passOf(device), expected);
    assertEquals(await passOfProgram(device), expected);
    plain.ledger.destroyAll();
  },
);

const SHAPES = {
  x: [16, 16, 16, 32],
  thin: [4, 16, 16, 3],
  down: [4, 4, 32, 64],
  edge: [4, 4, 3, 20],
  up: [4, 4, 8, 64],
  left: [70, 33],
  right: [33, 50],
};

type Inputs = Record<keyof typeof SHAPES, Tensor>;

const NAMES = Object.keys(SHAPES) as (keyof typeof SHAPES)[];

function valuesOf(name: keyof typeof SHAPES): Float64Array {
  const size = SHAPES[name].reduce((product, extent) => product * extent, 1);
  return randomValues(size, NAMES.indexOf(name) + 1, [-1, 1]);
}

/** Sums of every kind, whose operands are read in fours and one by one. */
function sums({ x, thin, down, edge, up, left, right }: Inputs): Tensor[] {
  const options = { stride: 2, padding: 1 };
  const y = conv2d(x, down, options);
  const outputs = [convTranspose2d(y, up, options), conv2d(thin, edge, options), matmul(left, right)];
  return [...outputs, ...gradients(outputs, [x, thin, down, edge, up, left, right])];
}

async function passOf(device: Device): Promise<Float32Array[]> {
  using _scope = device.scope();
  const inputs = Object.fromEntries(
    NAMES.map((name) => [name, device.tensor(valuesOf(name), { shape: SHAPES[name] })]),
  ) as Inputs;
  return await device.read(sums(inputs)) as Float32Array[];
}

async function passOfProgram(device: Device): Promise<Float32Array[]> {
  using program = device.program(SHAPES, (inputs) => sums(inputs));
  const values = Object.fromEntries(NAMES.map((name) => [name, valuesOf(name)]));
  // Twice: the second run must not see images of the first
  program.run(Object.fromEntries(NAMES.map((name) => [name, valuesOf(name).fill(0.5)])));
  program.run(values);
  assertEquals(program.stats.imageBytes > 0, device.capabilities.images);
  return await device.read(program.outputs) as Float32Array[];
}

gpuTest("images that are copied before a launch are counted until their program is disposed", (device) => {
  device.trim();
  const before = device.ledger.read().bytes;
  const program = device.program({ a: [256, 256] }, ({ a }) => matmul(a, a));
  const copies: ImageCopy[] = program.launches.flatMap(({ images }) => images);
  assertEquals(copies.length, device.capabilities.images ? 1 : 0);
  const rows = textureRows(256 * 256 * 4 / ROW_BYTES);
  assertEquals(program.stats.imageBytes, copies.length * rows * ROW_BYTES);
  program[Symbol.dispose]();
  device.trim();
  assertEquals(device.ledger.read().bytes, before);
});

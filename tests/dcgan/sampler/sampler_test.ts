import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { GeneratorArchitecture } from "../../../src/dcgan/networks/infer_architecture.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import { loadSampler } from "../../../src/dcgan/sampler/sampler.ts";
import { generateBytes, latentVectors } from "../../../src/dcgan/sampling/generate.ts";
import { NonFiniteSamplesError } from "../../../src/dcgan/sampling/generate.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { encodeSafetensors, Network, stateDict, type TensorData } from "../../../src/nn/mod.ts";
import { decodePicture } from "../../../src/pictures/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { withFolder } from "../tiny.ts";

type Values = Map<string, TensorData>;

const SMALL: GeneratorArchitecture = {
  size: 16,
  channels: 3,
  ngf: 6,
  latent: 10,
  firstLayer: "transposed",
  upsampling: "transposed",
};

/** A generator whose statistics and biases differ from channel to channel, and its state dict. */
async function networkOf(
  device: Device,
  architecture: GeneratorArchitecture,
): Promise<{ network: Network; values: Values } & Disposable> {
  const network = new Network(device, createGenerator({ ...architecture, ndf: 1 }), { seed: 1 });
  for (const [name, tensor] of [...network.parameters, ...network.statistics]) {
    if (!/running|bias$/.test(name)) continue;
    const range = name.endsWith("var") ? [0.5, 2] as const : [-0.5, 0.5] as const;
    tensor.tensor.set(randomValues(tensor.tensor.size, 2, [...range]));
  }
  const values = new Map(await stateDict(network));
  return { network, values, [Symbol.dispose]: () => network[Symbol.dispose]() };
}

function filled({ shape, data }: TensorData, value: number): TensorData {
  return { dtype: "F32", shape, data: new Float32Array(data.length).fill(value) };
}

const WIDE = { size: "24x16", base: 4 } as const;

/** Every kind of layer, and every way that one follows another. */
const KINDS: readonly Partial<GeneratorArchitecture>[] = [
  {},
  { kernel: 5, channels: 1 },
  { upsampling: "nearest" },
  { firstLayer: "project", ...WIDE },
  { firstLayer: "project", upsampling: "nearest", channels: 4 },
  { firstLayer: "project", gNorm: "none" },
  { gNorm: "none" },
  { gNorm: "none", upsampling: "nearest" },
  { biases: [true, false, true] },
  { classes: ["a", "b", "c"], classVector: 5 },
];

for (const kind of KINDS) {
  gpuTest(`Sampler.draw() draws what a network draws: ${JSON.stringify(kind)}`, async (device) => {
    const architecture = { ...SMALL, ...kind };
    using made = await networkOf(device, architecture);
    const count = 5;
    const { latent, classes } = architecture;
    const expected = await generateBytes(made.network, {
      count,
      seed: 3,
      latent,
      latentDistribution: "normal",
      labels: classes?.map((_, at) => at),
    });
    const metadata = {
      size: `${architecture.size}`,
      ...(classes ? { classes: JSON.stringify(classes) } : {}),
    };
    using sampler = await loadSampler(device, encodeSafetensors(made.values, metadata));
    assertEquals([sampler.size, sampler.channels, sampler.classes], [
      architecture.size,
      architecture.channels,
      classes,
    ]);
    const pictures = await sampler.draw({ count, seed: 3 });
    const length = expected.length / count;
    assertEquals(
      pictures.map(({ data }) => data),
      [0, 1, 2, 3, 4].map((at) => expected.slice(at * length, (at + 1) * length)),
    );
  });
}

gpuTest("Sampler.draw() draws what sample() draws from a run", async (device) => {
  await withFolder(async (run) => {
    const tiny = {
      data: "faces",
      size: 16,
      ngf: 8,
      ndf: 8,
      batch: 8,
      steps: 2,
      scoreEvery: 0,
      ema: 0,
    } as const;
    await Array.fromAsync(train(device, { ...tiny, out: run }));
    const options = { count: 3, seed: 9, truncation: 0.5 };
    const { paths } = await sample(device, run, { ...options, format: "images", out: `${run}/images` });
    const bytes = await Deno.readFile(`${run}/checkpoints/step-000002/generator.safetensors`);
    using sampler = await loadSampler(device, bytes);
    for (const [at, picture] of (await sampler.draw(options)).entries()) {
      const file = await decodePicture(await Deno.readFile(paths[at]!));
      assertEquals([...picture.rgba()], [...file.data]);
      const own = await decodePicture(await picture.png());
      assertEquals([...own.data], [...file.data]);
    }
  });
});

gpuTest("Sampler.draw() takes classes, latents, a truncation and a signal", async (device) => {
  using made = await networkOf(device, { ...SMALL, classes: ["cat", "dog"], classVector: 5 });
  using sampler = await loadSampler(device, encodeSafetensors(made.values, { classes: '["cat","dog"]' }));
  const one = async (options: Parameters<typeof sampler.draw>[0]) => (await sampler.draw(options))[0]!.data;
  const dog = await one({ classes: ["dog"] });
  assertEquals(await one({ classes: [1] }), dog);
  assertNotEquals(await one({ classes: ["cat"] }), dog);
  const latents = latentVectors({ count: 1, seed: 1, latent: 10, latentDistribution: "normal" });
  assertEquals(sampler.latents(1, 1), latents);
  assertEquals(await one({ latents, classes: ["dog"] }), dog);
  const halved = latents.map((value) => value / 2);
  assertEquals(
    await one({ truncation: 0.5, classes: ["dog"] }),
    await one({ latents: halved, classes: ["dog"] }),
  );
  const reason = new Error("stopped");
  assertEquals(await assertRejects(() => sampler.draw({ signal: AbortSignal.abort(reason) })), reason);
});

gpuTest("Sampler.draw() refuses what it cannot draw, by name", async (device) => {
  using made = await networkOf(device, SMALL);
  using sampler = await loadSampler(device, encodeSafetensors(made.values));
  const cases: [Parameters<typeof sampler.draw>[0], string][] = [
    [{ count: 0 }, `Cannot draw: "count" must be a whole number from 1 to 4096, found 0`],
    [{ count: 4097 }, `from 1 to 4096, found 4097`],
    [{ truncation: 2 }, `Cannot draw: "truncation" must be a number from 0 to 1, found 2`],
    [{ seed: -1 }, "seed"],
    [{ latents: new Float32Array(3) }, `"latents" must hold 1 vectors of 10 numbers`],
    [{ classes: [0] }, `"classes" needs a conditional generator`],
  ];
  for (const [options, message] of cases) {
    await assertRejects(() => sampler.draw(options), RangeError, message);
  }
  await assertRejects(() => sampler.draw({ cuont: 1 } as never), TypeError, "cuont");
  made.values.set("main.0.weight", filled(made.values.get("main.0.weight")!, 3e38));
  using broken = await loadSampler(device, encodeSafetensors(made.values));
  await assertRejects(() => broken.draw(), NonFiniteSamplesError);
});

gpuTest("loadSampler() refuses files that it cannot draw from, and keeps no memory", async (device) => {
  using made = await networkOf(device, SMALL);
  const bytes = encodeSafetensors(made.values, { sha256: "00" });
  await assertRejects(
    () => loadSampler(device, bytes, { name: "a.safetensors" }),
    SyntaxError,
    "a.safetensors",
  );
  await assertRejects(() => loadSampler(device, bytes.subarray(0, 99)), SyntaxError, "the file");
  const without = new Map([...made.values].filter(([name]) => name !== "main.1.bias"));
  await assertRejects(() => loadSampler(device, encodeSafetensors(without)), RangeError, "'main.1.bias'");
  const nan = new Map(made.values);
  nan.set("main.1.bias", filled(nan.get("main.1.bias")!, NaN));
  await assertRejects(() => loadSampler(device, encodeSafetensors(nan)), RangeError, "holds NaN");
  const uniform = encodeSafetensors(made.values, { latent_distribution: "uniform" });
  await assertRejects(
    () => loadSampler(device, uniform, { latentDistribution: "normal" }),
    RangeError,
    `must be "uniform", as the file says`,
  );
  using sampler = await loadSampler(device, uniform);
  assertEquals(sampler.latentDistribution, "uniform");
  assert(sampler.latents(1, 10).every((value) => Math.abs(value) <= 1));
});

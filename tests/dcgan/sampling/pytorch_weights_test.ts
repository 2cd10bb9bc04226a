import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { NonFiniteSamplesError } from "../../../src/dcgan/sampling/generate.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import type { SampleOptions } from "../../../src/dcgan/sampling/sample_options.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import {
  decodeNpy,
  encodeSafetensors,
  Network,
  stateDict,
  type TensorData,
  writeSafetensors,
} from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { withFolder } from "../tiny.ts";
import { type Dict, renamed, SMALL } from "./state_dicts.ts";

/** The weights of a generator, with statistics that differ from channel to channel. */
async function weightsOf(device: Device, biases?: readonly boolean[]): Promise<Dict> {
  using network = new Network(device, createGenerator({ ...SMALL, size: 16, ...biases ? { biases } : {} }), {
    seed: 1,
  });
  const dict: Dict = new Map(await stateDict(network));
  for (const [name, { shape, data }] of dict) {
    if (!/running|\.bias$/.test(name)) continue;
    const values = randomValues(data.length, 2, name.endsWith("var") ? [0.5, 2] : [-0.5, 0.5]);
    dict.set(name, { dtype: "F32", shape, data: Float32Array.from(values) });
  }
  return dict;
}

/** Calls `body` with what draws from state dicts. */
async function withDrawing(
  device: Device,
  body: (draw: (dict: Dict, options?: Partial<SampleOptions>) => Promise<Float32Array>) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await body(async (dict, options = {}) => {
      await writeSafetensors(`${folder}/g.safetensors`, dict);
      const out = `${folder}/${options.format === "images" ? "images" : "out.npy"}`;
      await sample(device, `${folder}/g.safetensors`, { out, count: 3, format: "npy", ...options });
      return decodeNpy(await Deno.readFile(out)).data;
    });
  });
}

function asType(dict: Dict, convert: (tensor: TensorData) => TensorData): Dict {
  return new Map(
    [...dict].map(([name, tensor]) => [name, tensor.dtype === "F32" ? convert(tensor) : tensor]),
  );
}

gpuTest("sample() draws the same from a state dict as people have it", async (device) => {
  const dict = await weightsOf(device);
  await withDrawing(device, async (draw) => {
    const plain = await draw(dict);
    assert(new Set(plain).size > 100);
    const without = (pattern: RegExp) => new Map([...dict].filter(([name]) => !pattern.test(name)));
    const dicts: Record<string, Dict> = {
      module: renamed(dict, (name) => `module.${name}`),
      sequential: renamed(dict, (name) => name.replace("main.", "")),
      nested: renamed(dict, (name) => name.replace("main.", "module.netG.0.")),
      sorted: new Map([...dict].sort(([a], [b]) => a < b ? -1 : 1)),
      uncounted: without(/num_batches/),
      counted: new Map([
        ...dict,
        ["main.1.num_batches_tracked", { dtype: "F32", shape: [1], data: Float32Array.of(3) }],
      ]),
      doubles: asType(
        dict,
        ({ shape, data }) => ({ dtype: "F64", shape, data: Float64Array.from(data as Float32Array) }),
      ),
    };
    for (const [name, other] of Object.entries(dicts)) assertEquals(await draw(other), plain, name);
    const halves = asType(
      dict,
      ({ shape, data }) => ({ dtype: "F16", shape, data: Float16Array.from(data as Float32Array) }),
    );
    const drawn = await draw(halves);
    assert(drawn.every((value, i) => Math.abs(value - plain[i]!) < 1e-3));
    assertNotEquals(drawn, plain);
  });
});

gpuTest("sample() adds the biases that a state dict has", async (device) => {
  const dict = await weightsOf(device, [true, true, true]);
  await withDrawing(device, async (draw) => {
    const drawn = await draw(dict);
    // Before a batch norm a bias is the same as a mean that is as much smaller; the last is seen by itself
    const folded: Dict = new Map([...dict].filter(([name]) => !/main\.[036]\.bias/.test(name)));
    for (const [conv, norm] of [[0, 1], [3, 4]]) {
      const bias = dict.get(`main.${conv}.bias`)!.data as Float32Array;
      const { shape, data } = dict.get(`main.${norm}.running_mean`)!;
      const mean = (data as Float32Array).map((value, i) => value - bias[i]!);
      folded.set(`main.${norm}.running_mean`, { dtype: "F32", shape, data: Float32Array.from(mean) });
    }
    const last = dict.get("main.6.bias")!.data as Float32Array;
    const expected = (await draw(folded)).map((value, i) =>
      Math.tanh(Math.atanh(value) + last[Math.floor(i / 256) % 3]!)
    );
    assert(drawn.every((value, i) => Math.abs(value - expected[i]!) < 1e-5));
  });
});

gpuTest("sample() needs running statistics, unless those of the batch are asked for", async (device) => {
  const dict = await weightsOf(device);
  await withDrawing(device, async (draw) => {
    const batch = await draw(dict, { statistics: "batch" });
    const without = new Map([...dict].filter(([name]) => !/running|tracked/.test(name)));
    const { message } = await assertRejects(() => draw(without), RangeError);
    assert(message.includes("'main.1.running_mean', 'main.1.running_var' and 2 more"), message);
    assert(message.endsWith(`or draw with statistics "batch"`), message);
    assertEquals(await draw(without, { statistics: "batch" }), batch);
    // What is not used may be anything
    const data = Float32Array.of(NaN, -1, 0, 0);
    const bad = new Map(dict).set("main.1.running_var", { dtype: "F32", shape: [4], data });
    assertEquals(await draw(bad, { statistics: "batch" }), batch);
  });
});

gpuTest("sample() refuses weights with NaN, infinities and negative variances by name", async (device) => {
  const dict = await weightsOf(device);
  await withDrawing(device, async (draw) => {
    const cases: [name: string, value: number, words: string][] = [
      ["main.3.weight", NaN, "'main.3.weight' holds NaN (element 1)"],
      ["main.0.weight", -Infinity, "'main.0.weight' holds -Infinity (element 1)"],
      ["main.1.running_var", -0.25, "'main.1.running_var' holds a negative variance, -0.25 (element 1)"],
    ];
    for (const [name, value, words] of cases) {
      const { shape, data } = dict.get(name)!;
      const values = Float32Array.from(data as Float32Array).fill(value, 1, 2);
      const bad = new Map(dict).set(name, { dtype: "F32", shape, data: values });
      const { message } = await assertRejects(() => draw(bad), RangeError);
      assert(message.includes("g.safetensors") && message.includes(words), message);
    }
  });
});

gpuTest("sample() refuses samples that come out as NaN, in every format", async (device) => {
  const dict = await weightsOf(device);
  // Finite, but an infinity minus an infinity in the sums
  for (const name of ["main.4.weight", "main.6.weight"]) {
    const { shape, data } = dict.get(name)!;
    const values = Float32Array.from(data as Float32Array, (value) => Math.sign(value) * 3e38);
    dict.set(name, { dtype: "F32", shape, data: values });
  }
  await withDrawing(device, async (draw) => {
    for (const format of ["npy", "grid", "images"] as const) {
      const message = "Cannot draw sample 0: some of its values are NaN or infinite";
      await assertRejects(() => draw(dict, { format }), NonFiniteSamplesError, message);
    }
  });
});

gpuTest("sample() writes any channels as an array, and names those that pictures have", async (device) => {
  for (const channels of [5, 6]) {
    using network = new Network(device, createGenerator({ ...SMALL, size: 16, channels }));
    const dict = await stateDict(network);
    await withDrawing(device, async (draw) => {
      assertEquals((await draw(dict)).length, 3 * channels * 256);
      const drawing = draw(dict, { format: "grid" });
      await assertRejects(
        () => drawing,
        RangeError,
        `its generator must have 1 to 4 channels, found ${channels}`,
      );
    });
  }
});

/** A file that PyTorch 1.13 wrote; see `save_files.py` there. */
const saved = (name: string) => fileURLToPath(new URL(`../../files/torch/saved/${name}`, import.meta.url));

gpuTest("sample() draws from PyTorch's own files what PyTorch draws", async (device) => {
  const latents = decodeNpy(await Deno.readFile(saved("latents.npy")));
  const expected = decodeNpy(await Deno.readFile(saved("images.npy"))).data;
  await withFolder(async (folder) => {
    const draw = async (name: string, options: Partial<SampleOptions> = {}) => {
      const out = `${folder}/${name}.npy`;
      await sample(device, saved(name), { ...options, latents, format: "npy", out });
      return decodeNpy(await Deno.readFile(out)).data;
    };
    const tolerances: [name: string, most: number, options?: Partial<SampleOptions>][] = [
      ...["zip.pth", "legacy.pth", "protocol4.pth", "legacy4.pth", "parameters.pth", "uncounted.pth"].map((
        name,
      ): [string, number] => [name, 1e-6]),
      ["checkpoint.pt", 1e-6],
      ["nested.pt", 1e-6],
      ["two_generators.pt", 1e-6, { network: "g_ema" }],
      ["double.pth", 1e-6],
      // Weights of 11 and of 8 bits
      ["half.pth", 1e-3],
      ["bfloat16.pth", 1e-2],
    ];
    for (const [name, most, options] of tolerances) {
      const drawn = await draw(name, options);
      const off = drawn.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i]!)), 0);
      assert(drawn.length === expected.length && off <= most, `${name}: off by ${off}`);
    }
  });
});

gpuTest(
  "sample() names files of PyTorch without a generator, with two, and discriminators",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/out.png`;
      const cases: [name: string, words: string, network?: string][] = [
        ["module.pth", "it holds a whole module, __main__.Generator"],
        ["discriminator.pth", "it must be a generator, found a discriminator"],
        ["tensor.pt", "is not a generator"],
        ["two_generators.pt", 'holds 2 generators: g, g_ema. Name one of them with "network"'],
        ["two_generators.pt", 'has no generator named "ema": it must be g or g_ema', "ema"],
        ["zip.pth", 'has no generator named "ema": it must be left out, as the file has only one', "ema"],
      ];
      for (const [name, words, network] of cases) {
        const drawing = sample(device, saved(name), { out, ...(network && { network }) });
        const { message } = await assertRejects(() => drawing, Error);
        assert(message.includes(words), message);
      }
      using network = new Network(device, createDiscriminator({ ...SMALL, size: 16 }));
      const path = `${folder}/netD.safetensors`;
      await Deno.writeFile(path, encodeSafetensors(await stateDict(network)));
      await assertRejects(
        () => sample(device, path, { out }),
        RangeError,
        `Cannot draw from ${path}: it must be a generator`,
      );
    });
  },
);

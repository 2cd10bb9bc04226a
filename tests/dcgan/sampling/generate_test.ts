import { assert, assertEquals, assertRejects } from "@std/assert";
import { activationSizes, samplesAtOnce } from "../../../src/dcgan/networks/activation_sizes.ts";
import {
  generate,
  generateBytes,
  type GenerateOptions,
  latentVectors,
} from "../../../src/dcgan/sampling/generate.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { drawLatent, hostLatent } from "../../../src/dcgan/networks/latent.ts";
import { Device } from "../../../src/gpu/mod.ts";
import { Network } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

const SMALL = {
  size: 16,
  channels: 3,
  ngf: 8,
  ndf: 1,
  latent: 7,
  firstLayer: "transposed",
  upsampling: "transposed",
} as const;

const PAPER = { ...SMALL, size: 64, ngf: 64, latent: 100 };

Deno.test("activationSizes() adds up what a generator holds of one sample", () => {
  // 4x4x16 and 8x8x8, each also normalized, 16x16x3, the latent vector, and the taps of 8x8x(4x4x3)
  const { largest, total, taps } = activationSizes(SMALL);
  assertEquals([largest, taps], [768, 3072]);
  assertEquals(total, 2 * 256 + 2 * 512 + 768 + 7 + 3072);
  // Upsampled: 4x4x32, 8x8x16, 16x16x8, each also normalized, and 16x16x3
  const nearest = activationSizes({ ...SMALL, upsampling: "nearest" });
  assertEquals(nearest, {
    largest: 2048,
    taps: 0,
    total: 2 * 512 + 2 * 1024 + 2 * 2048 + 768 + 7,
  });
  // 4x6x10, 8x12x8 and 16x24x3, and taps of 8x12x(5x5x3)
  const wide = activationSizes({ ...SMALL, size: "24x16", kernel: 5, maxMaps: 10 });
  assertEquals(wide.total, 2 * 240 + 2 * 768 + 1152 + 7 + 7200);
  // Few feature maps, or many channels, are convolved without taps, and 4 are made of 8 with them: 4x4x(4x4x4)
  assertEquals(activationSizes({ ...SMALL, ngf: 2 }).taps, 0);
  assertEquals(activationSizes({ ...SMALL, ngf: 4 }).taps, 1024);
  assertEquals(activationSizes({ ...SMALL, channels: 5 }).taps, 0);
});

Deno.test("activationSizes() grows as people's settings do", () => {
  const largest = (size: number, ngf: number) => activationSizes({ ...PAPER, size, ngf }).largest;
  assertEquals(largest(64, 64), 32 * 32 * 64);
  assertEquals(largest(256, 33), 128 * 128 * 33);
  assertEquals(largest(512, 1), 512 * 512 * 3);
});

Deno.test("samplesAtOnce() goes by the binding, then by memory, and draws one where memory alone is short", () => {
  const sizes = { largest: 100, total: 1000, taps: 0 };
  assertEquals(samplesAtOnce(sizes, { binding: 6399, memory: Infinity }), 15);
  assertEquals(samplesAtOnce(sizes, { binding: 6400, memory: Infinity }), 16);
  assertEquals(samplesAtOnce(sizes, { binding: 6400, memory: 8000 }), 2);
  assertEquals(samplesAtOnce(sizes, { binding: 6400, memory: 10 }), 1);
  assertEquals(samplesAtOnce(sizes, { binding: 399, memory: Infinity }), 0);
  assertEquals(samplesAtOnce({ ...sizes, taps: 400 }, { binding: 6400, memory: Infinity }), 4);
  assertEquals(samplesAtOnce({ ...sizes, taps: 4000 }, { binding: 6400, memory: Infinity }), 1);
});

Deno.test("samplesAtOnce() fits the limit of llvmpipe at every size, 64 at the default one", () => {
  const limits = { binding: 128 * 2 ** 20, memory: 512 * 2 ** 20 };
  const most = (size: number, ngf: number) => samplesAtOnce(activationSizes({ ...PAPER, size, ngf }), limits);
  assert(most(64, 64) >= 64 && most(128, 64) >= 64);
  for (const [size, ngf] of [[256, 33], [256, 64], [512, 1], [512, 64], [512, 128]] as const) {
    const count = most(size, ngf);
    const { largest, taps } = activationSizes({ ...PAPER, size, ngf });
    assert(count >= 1 && count < 64, `${size} ${ngf}: ${count}`);
    assert(4 * count * Math.max(largest, taps) <= limits.binding, `${size} ${ngf}: ${count}`);
  }
  assertEquals(most(512, 4096), 0);
});

gpuTest("hostLatent() gives the vectors of drawLatent()", async (device) => {
  for (const distribution of ["normal", "uniform"] as const) {
    const source = { seed: 5, stream: 4, counter: 2 };
    const drawn = await drawLatent(device, 9, 7, distribution, source).data();
    assertEquals(hostLatent(9, 7, distribution, source), drawn);
  }
});

/** The device as if it bound no more bytes at once. */
function binding({ gpu, adapter, capabilities }: Device, maxStorageBufferBindingSize: number): Device {
  const limits = { ...adapter.limits, maxStorageBufferBindingSize };
  return new Device(gpu, { ...adapter, limits }, capabilities);
}

/** Calls `body` with what draws on a device that binds no more bytes at once. */
async function withLimit(
  device: Device,
  bytes: number,
  body: (draw: (options?: Partial<GenerateOptions>) => Promise<Float32Array[]>) => Promise<void>,
  architecture: Parameters<typeof createGenerator>[0] = SMALL,
): Promise<void> {
  const limited = binding(device, bytes);
  try {
    using generator = new Network(limited, createGenerator(architecture), { seed: 1 });
    const { latent } = architecture;
    await body((options = {}) =>
      Array.fromAsync(
        generate(generator, { count: 70, seed: 3, latent, latentDistribution: "normal", ...options }, "f32"),
      )
    );
  } finally {
    limited.ledger.destroyAll();
  }
}

const joined = (parts: readonly Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]));

gpuTest("generate() draws the same samples however many fit at once", async (device) => {
  for (const firstLayer of ["transposed", "project"] as const) {
    for (const upsampling of ["transposed", "nearest"] as const) {
      const architecture = { ...SMALL, firstLayer, upsampling };
      const { largest, taps } = activationSizes(architecture);
      let whole = new Float32Array();
      await withLimit(device, 2 ** 27, async (draw) => {
        const parts = await draw();
        assertEquals(parts.map(({ length }) => length / 768), [64, 6]);
        whole = joined(parts);
      }, architecture);
      // All of the weights must fit too
      for (const most of [7, 31]) {
        await withLimit(device, 4 * most * Math.max(largest, taps), async (draw) => {
          const parts = await draw();
          const lengths = most === 7 ? [7, 7, 7, 7, 7, 7, 7, 7, 7, 1, 6] : [31, 31, 2, 6];
          assertEquals(parts.map(({ length }) => length / 768), lengths);
          assertEquals(joined(parts), whole);
        }, architecture);
      }
    }
  }
});

gpuTest("generate() keeps batches that have their own statistics whole, or refuses them", async (device) => {
  const { largest } = activationSizes(SMALL);
  await withLimit(device, 4 * 8 * largest, async (draw) => {
    const [batch] = await draw({ count: 8, statistics: "batch" });
    assertEquals(batch!.length, 8 * 768);
    for (const count of [9, 70]) {
      const { message } = await assertRejects(() => draw({ count, statistics: "batch" }), RangeError);
      assert(
        message.startsWith(`Cannot normalize ${Math.min(count, 64)} samples with the statistics of their`),
        message,
      );
      assert(message.endsWith("Draw at most 8 (count), or use the running statistics"), message);
    }
  });
});

gpuTest("generate() says where not even one sample fits", async (device) => {
  // The weights fit, one layer of nearest upsampling does not
  const architecture = { ...SMALL, size: 64, ngf: 1, latent: 1, upsampling: "nearest" } as const;
  const { largest } = activationSizes(architecture);
  await withLimit(device, 4 * largest - 4, async (draw) => {
    const { message } = await assertRejects(() => draw({ count: 1, latent: 1 }), RangeError);
    assert(message.startsWith("Cannot draw samples of 64x64: the generator's largest layer takes"), message);
    assert(message.includes(`${4 * largest} bytes for a single sample`), message);
    assert(message.endsWith("Use a generator with fewer feature maps (ngf) or a smaller size"), message);
  }, architecture);
});

gpuTest("generate() leaves networks of other shapes at 64 at a time", async (device) => {
  const { Linear } = await import("../../../src/nn/mod.ts");
  using generator = new Network(device, [new Linear(7, { height: 2, width: 2, channels: 1 })]);
  const options = { count: 65, seed: 1, latent: 7, latentDistribution: "uniform" } as const;
  const parts = await Array.fromAsync(generate(generator, options, "u8"));
  assertEquals(parts.map(({ length }) => length), [256, 4]);
});

gpuTest("generate() draws from given latents as from those of a seed", async (device) => {
  using generator = new Network(device, createGenerator(SMALL), { seed: 3 });
  for (const latentDistribution of ["normal", "uniform"] as const) {
    const options = { count: 70, seed: 5, latent: 7, latentDistribution };
    const latents = latentVectors(options);
    assertEquals(latents.subarray(0, 7 * 9), latentVectors({ ...options, count: 9 }));
    const drawn = await generateBytes(generator, options);
    assertEquals(await generateBytes(generator, { ...options, seed: 1, latents }), drawn);
    const last = { ...options, count: 1, latents: latents.subarray(69 * 7) };
    assertEquals(await generateBytes(generator, last), drawn.subarray(69 * 16 * 16 * 3));
  }
});

gpuTest("generate() says how many latents it needs", async (device) => {
  using generator = new Network(device, createGenerator(SMALL), { seed: 3 });
  await assertRejects(
    () =>
      generateBytes(generator, {
        count: 2,
        seed: 1,
        latent: 7,
        latentDistribution: "normal",
        latents: new Float32Array(7),
      }),
    RangeError,
    'Cannot draw 2 samples: "latents" must hold 2 vectors of 7 numbers, 14 in all, found 7',
  );
});

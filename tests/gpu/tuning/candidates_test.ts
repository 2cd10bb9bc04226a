import { assert, assertEquals } from "@std/assert";
import { convolutionSum } from "../../../src/gpu/contraction/sums/convolution_sum.ts";
import type { Contraction } from "../../../src/gpu/contraction/sums/contraction.ts";
import { denseSum } from "../../../src/gpu/contraction/sums/dense_sum.ts";
import { inputGradientSum } from "../../../src/gpu/contraction/sums/input_gradient_sum.ts";
import { weightGradientSum } from "../../../src/gpu/contraction/sums/weight_gradient_sum.ts";
import { defaultKernel } from "../../../src/gpu/contraction/variants/default_variant.ts";
import { fits } from "../../../src/gpu/contraction/variants/runs_on.ts";
import { formatVariant, type Variant } from "../../../src/gpu/contraction/variants/variant.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { candidatesFor, everyVariant, kernelOf } from "../../../src/gpu/tuning/candidates.ts";
import { gpuTest } from "../../support/gpu.ts";

/** A graphics card that is not here. */
function card(name: string, subgroupSize = 32): Device {
  const limits = {
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupSizeX: 1024,
    maxComputeWorkgroupStorageSize: 32768,
    maxStorageBufferBindingSize: 2 ** 30,
  };
  return {
    adapter: { name, vendor: "", architecture: "", software: false, limits, features: [] },
    capabilities: { subgroupSize, f16: false, int64: false, timestamps: true, loopIterations: Infinity },
  } as unknown as Device;
}

const CARDS = [
  "NVIDIA GeForce RTX 4090",
  "AMD Radeon RX 6800 XT",
  "Intel(R) Arc(tm) A770",
  "Apple M2",
  "Mali-G78",
];

const operands = { a: { dtype: "f32" }, b: { dtype: "f32" } } as const;
const output = { dtype: "f32", size: 2 ** 17 };
const tensors = { ...operands, output } as unknown as Pick<Contraction, "a" | "b" | "output">;

/** A layer of a discriminator of 64x64 images, or of a small one. */
const layer = (images: number, pixels: number, inputs: number, outputs: number) => ({
  images,
  height: 2 * pixels,
  width: 2 * pixels,
  inputs,
  outHeight: pixels,
  outWidth: pixels,
  outputs,
  kernelHeight: 4,
  kernelWidth: 4,
  stride: 2,
  padding: 1,
});

const LARGE = layer(64, 16, 64, 128);
const SMALL = layer(1, 4, 8, 8);

const forward = (g: typeof LARGE): Contraction => ({ ...convolutionSum(g, operands), ...tensors });
const inputGradient = (g: typeof LARGE): Contraction => ({ ...inputGradientSum(g, operands), ...tensors });
const weightGradient = (g: typeof LARGE): Contraction => ({ ...weightGradientSum(g, operands), ...tensors });
const product: Contraction = {
  ...denseSum(operands, { rows: 1024, columns: 1024, depth: 1024, transposeA: false, transposeB: false }),
  ...tensors,
};

const ALL = [forward(LARGE), inputGradient(LARGE), weightGradient(LARGE), product];

const text = ({ schedule }: Variant) => formatVariant({ schedule, splits: 1 });

for (const name of CARDS) {
  Deno.test(`candidatesFor() begins with the default of ${name}, and has none that it cannot run, or twice`, () => {
    for (const contraction of [...ALL, forward(SMALL), weightGradient(SMALL)]) {
      const candidates = candidatesFor(card(name), contraction);
      assertEquals(candidates[0], defaultKernel(card(name), contraction));
      assert(candidates.every((variant) => fits(card(name), contraction, variant)));
      assertEquals(new Set(candidates.map(formatVariant)).size, candidates.length);
    }
  });

  Deno.test(`candidatesFor() tries all tiles that ${name} has by default for one product or another`, () => {
    for (const contraction of ALL) {
      const tried = candidatesFor(card(name), contraction).map(text);
      for (const sizes of [[256, 64, 64], [4096, 512, 1024], [65536, 128, 1024], [1024, 1024, 16384]]) {
        const [rows, columns, depth] = sizes as [number, number, number];
        const standard = defaultKernel(card(name), { ...contraction, rows, columns, depth });
        const isCrowded = name.startsWith("Intel") && contraction.direction === "input gradient";
        if (!isCrowded) {
          assert(tried.includes(text(standard)), `${contraction.problem.label}: ${text(standard)}`);
        }
      }
    }
  });
}

Deno.test("candidatesFor() has kernels without workgroup memory of each size, as are fastest on Apple's cards", () => {
  for (const contraction of [forward(LARGE), weightGradient(LARGE), product]) {
    const tried = candidatesFor(card("Apple M2"), contraction).map(text);
    for (const [rows, vectors] of [[4, 1], [4, 2], [8, 1], [8, 2], [16, 1]]) {
      assert(tried.includes(`wide rows ${rows} vectors ${vectors} lanes 16 groups 4 splits 1`), `${rows}`);
    }
  }
});

Deno.test("candidatesFor() tries tiles in half of the memory on Apple's cards, and only there", () => {
  for (const name of CARDS) {
    const single = candidatesFor(card(name), forward(LARGE)).filter(({ schedule }) =>
      schedule.shape === "tiled" && schedule.singleBuffer
    );
    assertEquals(single.length > 0, name === "Apple M2", name);
  }
});

Deno.test("candidatesFor() tries Winograd's filtering on every card", () => {
  for (const name of CARDS) {
    const tried = candidatesFor(card(name), forward(LARGE)).map(text);
    assert(tried.includes("winograd side 2 splits 1") && tried.includes("winograd side 4 splits 1"), name);
  }
});

/** Sums of a thread. */
function sumsOf({ schedule }: Variant): number {
  if (schedule.shape === "winograd") return 0;
  return schedule.shape === "tiled"
    ? 16 * schedule.rowQuads * schedule.columnQuads
    : 4 * schedule.rows * schedule.vectors;
}

/** The most sums of a thread that are tried on a card, but for its default, in tiles and without workgroup memory. */
function mostSums(name: string, contraction: Contraction): [tiled: number, alone: number] {
  const candidates = candidatesFor(card(name), contraction).slice(1);
  const most = (isOfKind: (schedule: Variant["schedule"]) => boolean) =>
    Math.max(...candidates.filter(({ schedule }) => isOfKind(schedule)).map(sumsOf));
  return [
    most(({ shape }) => shape === "tiled"),
    most((schedule) => schedule.shape === "wide" && !schedule.share),
  ];
}

Deno.test("candidatesFor() leaves out what compilers have no registers for, but for the default", () => {
  assertEquals(ALL.map((one) => mostSums("Intel(R) Xe Graphics (TGL GT2)", one)), [
    [32, 16],
    [16, 16],
    [32, 32],
    [32, 32],
  ]);
  assertEquals(ALL.map((one) => mostSums("AMD Radeon RX 7900 XTX", one)), [
    [64, 32],
    [64, 32],
    [64, 64],
    [64, 64],
  ]);
  assertEquals(ALL.map((one) => mostSums("Apple M2", one)), ALL.map(() => [64, 64]));
});

Deno.test("candidatesFor() tries every tile in 1 to 32 parts, as far as they fill a card", () => {
  const nvidia = card("NVIDIA GeForce RTX 4090");
  const parts = (contraction: Contraction, tile: string) =>
    candidatesFor(nvidia, contraction).filter((variant) => text(variant).startsWith(tile)).map(({ splits }) =>
      splits
    )
      .sort((a, b) => a - b);
  const [large, small] = [
    "tiled rows 128 columns 64 depth 8 rowQuads 2 columnQuads 2",
    "tiled rows 32 columns 32 depth 8",
  ];
  // 1024x128 sums of 16384 products: 16 workgroups of 128 threads, or 128 of 64
  assertEquals(parts(weightGradient(LARGE), large), [1, 2, 4, 8, 16, 32]);
  assertEquals(parts(weightGradient(LARGE), small), [1, 2, 4, 8, 16]);
  // Sums of 16 products are not cut
  assertEquals(parts(weightGradient(SMALL), small), [1]);
});

gpuTest("candidatesFor() keeps variants of one kernel together", (device) => {
  for (const contraction of ALL) {
    const kernels = candidatesFor(device, contraction).map(kernelOf);
    const runs = kernels.filter((kernel, i) => kernel !== kernels[i - 1]);
    assertEquals(new Set(runs).size, runs.length);
  }
});

gpuTest("everyVariant() has variants of all kinds, each once", (device) => {
  const variants = everyVariant(device);
  assertEquals(new Set(variants.map(formatVariant)).size, variants.length);
  for (const shape of ["wide", "thin", "tiled"]) {
    assert(variants.some(({ schedule }) => schedule.shape === shape), shape);
  }
  assert(variants.some(({ splits }) => splits > 1));
});

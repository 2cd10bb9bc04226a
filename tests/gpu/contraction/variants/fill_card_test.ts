import { assert, assertEquals } from "@std/assert";
import { tileOf } from "../../../../src/gpu/contraction/kernels/schedule.ts";
import { tiledThreads } from "../../../../src/gpu/contraction/kernels/tiled_memory.ts";
import type { Contraction } from "../../../../src/gpu/contraction/sums/contraction.ts";
import { convolutionSum } from "../../../../src/gpu/contraction/sums/convolution_sum.ts";
import { denseSum } from "../../../../src/gpu/contraction/sums/dense_sum.ts";
import { inputGradientSum } from "../../../../src/gpu/contraction/sums/input_gradient_sum.ts";
import { weightGradientSum } from "../../../../src/gpu/contraction/sums/weight_gradient_sum.ts";
import { variantOnCard } from "../../../../src/gpu/contraction/variants/fill_card.ts";
import { fits } from "../../../../src/gpu/contraction/variants/runs_on.ts";
import type { KernelVariant } from "../../../../src/gpu/contraction/variants/variant.ts";
import type { Device } from "../../../../src/gpu/mod.ts";

const BINDING = 2 ** 27;

function card(name: string, binding = BINDING): Device {
  const limits = {
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupStorageSize: 32768,
    maxStorageBufferBindingSize: binding,
  };
  return {
    adapter: { name, vendor: "", architecture: "", software: false, limits, features: [] },
    capabilities: { subgroupSize: 32, loopIterations: Infinity },
  } as unknown as Device;
}

const H100 = card("NVIDIA H100 80GB HBM3");
const CARDS = [
  H100,
  ...["AMD Radeon RX 6800 XT", "Intel(R) Arc(tm) A770", "Apple M2", "Mali-G78"].map((name) => card(name)),
];

const f32 = { dtype: "f32" } as const;
const operands = { a: f32, b: f32 };

/** The three sums of a layer that halves the side of its maps. */
function layer(images: number, size: number, inputs: number, outputs: number): Contraction[] {
  const side = size / 2;
  const g = {
    images,
    height: size,
    width: size,
    inputs,
    outHeight: side,
    outWidth: side,
    outputs,
    kernelHeight: 4,
    kernelWidth: 4,
    stride: 2,
    padding: 1,
  };
  const sizes = [images * side ** 2 * outputs, images * size ** 2 * inputs, 16 * inputs * outputs];
  return [convolutionSum(g, operands), inputGradientSum(g, operands), weightGradientSum(g, operands)].map((
    sum,
    at,
  ) => ({ ...sum, ...operands, output: { ...f32, size: sizes[at]! } }) as unknown as Contraction);
}

/** All layers of a discriminator of 64x64 images with 64 maps, but for those that are a product of matrices. */
function layers(images: number): Contraction[] {
  return ([[64, 3, 64], [32, 64, 128], [16, 128, 256], [8, 256, 512]] as const)
    .flatMap(([size, inputs, outputs]) => layer(images, size, inputs, outputs));
}

function threadsOf({ rows, columns, phases = 1 }: Contraction, { schedule, splits }: KernelVariant): number {
  assert(schedule.shape === "tiled" || schedule.shape === "thin");
  const tile = tileOf(schedule);
  const threads = schedule.shape === "tiled" ? tiledThreads(schedule) : schedule.lanes * schedule.groups;
  return Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns) * phases * splits * threads;
}

Deno.test("variantOnCard() has a thread for each of an H100's 16,896 lanes in 90 % of the work and more", () => {
  for (const batch of [8, 64]) {
    let [all, idle] = [0, 0];
    // A step takes batches of real and fake images together, and of fake ones alone
    for (const contraction of [...layers(batch), ...layers(2 * batch)]) {
      const work = contraction.rows * contraction.columns * contraction.depth * (contraction.phases ?? 1);
      all += work;
      if (threadsOf(contraction, variantOnCard(H100, contraction, true)) < 16_896) idle += work;
    }
    assert(idle < 0.1 * all, `batch ${batch}: ${Math.round(100 * idle / all)} %`);
  }
});

Deno.test("variantOnCard() cuts what samples need the same for any number of them", () => {
  for (const device of CARDS) {
    const cuts = (images: number, fixedBatch: boolean) =>
      layers(images).slice(0, -1).filter(({ direction }) => direction !== "weight gradient")
        .map((contraction) => variantOnCard(device, contraction, fixedBatch).splits);
    for (const images of [1, 7, 16, 63]) assertEquals(cuts(images, false), cuts(64, false), `${images}`);
    if (device === H100) {
      assert(cuts(16, false).some((splits) => splits > 1), "nothing is cut");
      assert(cuts(8, true).join() !== cuts(128, true).join(), "a batch that stays is cut as suits it");
    }
  }
});

Deno.test("variantOnCard() cuts products of samples' features the same for any number of them", () => {
  const product = (samples: number) =>
    ({
      ...denseSum(operands, {
        rows: samples,
        columns: 256,
        depth: 8192,
        transposeA: false,
        transposeB: true,
      }),
      ...operands,
      samples,
      output: { ...f32, size: samples * 256 },
    }) as unknown as Contraction;
  const { splits } = variantOnCard(H100, product(64), false);
  assert(splits > 1);
  for (const samples of [1, 5, 33]) assertEquals(variantOnCard(H100, product(samples), false).splits, splits);
});

Deno.test("variantOnCard() cuts no more than fit a binding, of as many samples as are drawn at once", () => {
  for (const fixedBatch of [true, false]) {
    for (const binding of [2 ** 20, 2 ** 22, 2 ** 24]) {
      const small = card("NVIDIA H100 80GB HBM3", binding);
      for (const contraction of layers(64)) {
        const { splits } = variantOnCard(small, contraction, fixedBatch);
        assert(splits === 1 || splits * 4 * contraction.output.size <= binding, `${binding}: ${splits}`);
      }
    }
  }
  const [forward] = layer(64, 8, 256, 512);
  assert(variantOnCard(H100, forward!, true).splits > 1);
  assertEquals(
    variantOnCard(card("NVIDIA H100 80GB HBM3", 4 * forward!.output.size), forward!, true).splits,
    1,
  );
});

Deno.test("variantOnCard() gives every card what it can run, and Arc small tiles for gradients of inputs", () => {
  for (const device of CARDS) {
    for (const contraction of [...layers(1), ...layers(128)]) {
      const variant = variantOnCard(device, contraction, true);
      assert(fits(device, contraction, variant), `${device.adapter.name}: ${JSON.stringify(variant)}`);
    }
  }
  const tiles = (name: string) => {
    const { schedule } = variantOnCard(card(name), layer(64, 32, 64, 128)[1]!, true);
    return schedule.shape === "tiled" && [schedule.rows, schedule.columns];
  };
  assertEquals(tiles("Intel(R) Arc(tm) A770 Graphics (DG2)"), [32, 32]);
  assertEquals(tiles("Intel(R) Iris(R) Xe Graphics (TGL GT2)"), [32, 64]);
});

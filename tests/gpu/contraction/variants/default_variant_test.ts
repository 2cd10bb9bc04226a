import { assert, assertEquals } from "@std/assert";
import { defaultVariant } from "../../../../src/gpu/contraction/variants/default_variant.ts";
import type { Contraction } from "../../../../src/gpu/contraction/sums/contraction.ts";
import { convolutionSum } from "../../../../src/gpu/contraction/sums/convolution_sum.ts";
import { denseSum } from "../../../../src/gpu/contraction/sums/dense_sum.ts";
import { inputGradientSum } from "../../../../src/gpu/contraction/sums/input_gradient_sum.ts";
import { weightGradientSum } from "../../../../src/gpu/contraction/sums/weight_gradient_sum.ts";
import { familyOf } from "../../../../src/gpu/device/family.ts";
import { fits } from "../../../../src/gpu/contraction/variants/runs_on.ts";
import type { AdapterFacts, Device } from "../../../../src/gpu/mod.ts";

/** Adapters as drivers name them, and the size of their subgroups. */
const ADAPTERS: readonly [
  name: string,
  vendor: string,
  family: string,
  software: boolean,
  subgroup: number,
][] = [
  ["llvmpipe (LLVM 15.0.6, 256 bits)", "65541", "llvmpipe", true, 8],
  ["llvmpipe (LLVM 15.0.6, 256 bits)", "65541", "llvmpipe", true, 0],
  ["SwiftShader Device (Subzero)", "6880", "swiftshader", true, 4],
  ["Microsoft Basic Render Driver", "5140", "other", true, 4],
  ["NVIDIA H100 80GB HBM3", "4318", "nvidia", false, 32],
  ["NVIDIA GeForce RTX 3060", "", "nvidia", false, 32],
  ["AMD Radeon RX 6800 (RADV NAVI21)", "4098", "amd", false, 64],
  ["Intel(R) UHD Graphics 620 (KBL GT2)", "32902", "intel", false, 32],
  ["Apple M2 Pro", "", "apple", false, 32],
  ["Mali-G78", "5045", "other", false, 16],
];

/** What WebGPU promises on every adapter. */
const LEAST = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxStorageBufferBindingSize: 2 ** 27,
};

function deviceLike(name: string, vendor: string, software: boolean, subgroupSize: number): Device {
  const adapter = { name, vendor, architecture: "", software, limits: LEAST, features: [] };
  return {
    adapter,
    capabilities: { subgroupSize, f16: false, int64: false, timestamps: false },
  } as unknown as Device;
}

function contractions(): Partial<Contraction>[] {
  return [true, false].flatMap((aligned) => {
    const operands = { a: { dtype: "f32" }, b: { dtype: "f32" } } as const;
    const tensors = operands as unknown as Pick<Contraction, "a" | "b">;
    const size = aligned ? 4 : 3;
    const geometry = {
      images: 1,
      height: size,
      width: size,
      inputs: size,
      outHeight: size,
      outWidth: size,
      outputs: size,
      kernelHeight: size,
      kernelWidth: size,
      stride: 1,
      padding: 0,
    };
    const sums = [
      convolutionSum(geometry, operands),
      inputGradientSum(geometry, operands),
      weightGradientSum(geometry, operands),
    ];
    return [[1, 1, 4], [16, 3, 64], [4096, 128, 1024], [65536, 512, 8192]].flatMap(([rows, columns, depth]) =>
      sums.map(({ problem, ...sum }) => ({
        ...sum,
        ...tensors,
        problem: { ...problem, length: depth! },
        output: { dtype: "f32", size: rows! * columns! } as Contraction["output"],
        rows: rows!,
        columns: columns!,
        depth: depth!,
      }))
    );
  });
}

for (const [name, vendor, family, software, subgroup] of ADAPTERS) {
  Deno.test(`every contraction has a default that ${name} with subgroups of ${subgroup} can run`, () => {
    const device = deviceLike(name, vendor, software, subgroup);
    assertEquals(familyOf(device.adapter as AdapterFacts), family);
    for (const contraction of contractions()) {
      const variant = defaultVariant(device, contraction as Contraction);
      const { rows, columns, depth } = contraction;
      assert(
        fits(device, contraction as Contraction, variant),
        `${contraction.problem!.label} ${rows}x${columns}x${depth}: ${JSON.stringify(variant)}`,
      );
    }
  });
}

Deno.test("shallow products have shorter tiles on llvmpipe, which take half the time to compile", () => {
  const [name, vendor] = ADAPTERS[0]!;
  const device = deviceLike(name, vendor, true, 8);
  const rowsOf = (depth: number) => {
    const operands = { a: { dtype: "f32" }, b: { dtype: "f32" } } as const;
    const sizes = { rows: 8192, columns: 48, depth, transposeA: false, transposeB: true };
    const sum = { ...denseSum(operands, sizes), ...operands, output: operands.a };
    const { schedule } = defaultVariant(device, sum as unknown as Contraction);
    return schedule.shape === "wide" ? schedule.rows : undefined;
  };
  assertEquals([64, 128].map(rowsOf), [16, 32]);
});

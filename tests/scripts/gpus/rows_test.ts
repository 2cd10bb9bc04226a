import { assertEquals } from "@std/assert";
import type { DefaultText, VariantText } from "../../../scripts/gpus/record/texts.ts";
import { kernelRows, variantRows } from "../../../scripts/gpus/table/rows.ts";
import { defineKernel } from "../../../src/gpu/kernel/kernel.ts";

const kernelOf = (label: string, body: string) => defineKernel({ label, bindings: {}, body });

const [few, many, small, refused] = [
  kernelOf("conv2d", "a"),
  kernelOf("conv2d", "b"),
  kernelOf("gather", "c"),
  kernelOf("matmul", "d"),
];

const found = new Map([
  [few!.code, { registers: 80, spills: 1, loop: 300 }],
  [many!.code, { registers: 96, spills: 0, loop: 200 }],
  [small!.code, { registers: 12, spills: 0, loop: 30 }],
]);

Deno.test("kernelRows() has the worst of each label, and of all that are no contractions together", () => {
  const text = { card: "RX 6800 XT", family: "amd", precision: "f32", contracts: true } as const;
  const texts: DefaultText[] = [
    { ...text, kernel: few! },
    { ...text, kernel: many! },
    { ...text, kernel: small!, contracts: false },
    { ...text, kernel: refused! },
    { ...text, kernel: many!, family: "nvidia", precision: "f16" },
  ];
  assertEquals(kernelRows(texts, found), {
    "amd f32": {
      "all others": { registers: 12, spills: 0 },
      "conv2d": { registers: 96, spills: 1, loop: 300 },
    },
    "nvidia f16": { "conv2d": { registers: 96, spills: 0, loop: 200 } },
  });
});

Deno.test("variantRows() has the variants of the middle layer for one family", () => {
  const middle = { direction: "forward", variant: "tiled rows 32" };
  const texts: VariantText[] = [
    { family: "amd", kernel: few!, middle },
    { family: "amd", kernel: small! },
    { family: "intel", kernel: many!, middle },
  ];
  assertEquals(variantRows(texts, "amd", found), {
    forward: { "tiled rows 32": { registers: 80, spills: 1, loop: 300 } },
  });
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { COMPILERS } from "../../../scripts/gpus/compile/compilers.ts";
import { CARDS, recordingDevice } from "../../../scripts/gpus/record/cards.ts";
import { underfilledShare } from "../../../scripts/gpus/record/filling.ts";
import { record, threadsOf, workgroupSize } from "../../../scripts/gpus/record/record.ts";
import { standInGpu } from "../../../scripts/gpus/record/stand_in_gpu.ts";
import { variantKernels } from "../../../scripts/gpus/record/variants.ts";
import { resolveConfig, Trainer } from "../../../mod.ts";
import { familyOf } from "../../../src/gpu/device/family.ts";
import { Device, matmul, VariantScope } from "../../../src/gpu/mod.ts";
import { defineKernel } from "../../../src/gpu/kernel/kernel.ts";
import type { Launch } from "../../../src/gpu/kernel/launch.ts";
import { gpuTest } from "../../support/gpu.ts";

const config = resolveConfig({ size: 16, ngf: 8, ndf: 8, batch: 4 });

gpuTest("standInGpu() records the launches of a real device", (device) => {
  const launchesOn = (device: Device) => {
    using trainer = new Trainer(device, config);
    return trainer.program.launches.map(({ launch: { kernel, uniforms, workgroups } }) => [
      kernel.label,
      kernel.code,
      uniforms,
      workgroups,
    ]);
  };
  using other = new Device(standInGpu(device.adapter.limits), device.adapter, device.capabilities);
  assertEquals(launchesOn(other), launchesOn(device));
});

Deno.test("standInGpu() throws for what it cannot do, such as to read", () => {
  assertThrows(() => standInGpu({}).createQuerySet({ type: "timestamp", count: 1 }), TypeError);
});

Deno.test("CARDS are taken for cards of their families", () => {
  for (const card of CARDS) {
    using device = recordingDevice(card);
    assertEquals([card.name, familyOf(device.adapter)], [card.name, card.family]);
  }
});

Deno.test("record() gives steps and samples of a card, in either precision", () => {
  const [card] = CARDS;
  const training = { name: "small", kind: "training", config } as const;
  const single = record(card!, training, "f32");
  assert(single.launches.length > 40);
  assert(single.contractions.length > 10);
  assert(single.launches.every(({ kernel }) => !kernel.code.includes("enable f16")));
  assert(record(card!, training, "f16").launches.some(({ kernel }) => kernel.code.includes("enable f16")));
  const samples = record(card!, { ...training, kind: "sampling" }, "f32");
  assert(samples.launches.length > 5 && samples.launches.length < single.launches.length);
});

const launchOf = (workgroup: readonly [number, number, number], rest: Partial<Launch>): Launch => ({
  kernel: defineKernel({ label: "k", bindings: {}, workgroup, body: "" }),
  storages: [],
  uniforms: [],
  workgroups: [1, 1, 1],
  ...rest,
});

Deno.test("threadsOf() counts all axes of workgroups and of grids", () => {
  const launch = launchOf([8, 4, 2], { workgroups: [3, 5, 7] });
  assertEquals(workgroupSize(launch.kernel), 64);
  assertEquals(threadsOf(launch), 64 * 105);
  assertThrows(() => workgroupSize({ ...launch.kernel, code: "" }), Error, "says no size");
});

Deno.test("underfilledShare() weighs launches by their work, and counts those without any for nothing", () => {
  const launches = [
    launchOf([64, 1, 1], { workgroups: [1, 1, 1] }),
    launchOf([64, 1, 1], { workgroups: [1, 1, 1], work: 30 }),
    launchOf([64, 1, 1], { workgroups: [2, 1, 1], work: 70 }),
  ];
  assertEquals(underfilledShare(launches, { lanes: 128 }), 30);
  assertEquals(underfilledShare(launches, { lanes: 129 }), 100);
  assertEquals(underfilledShare(launches, { lanes: 64 }), 0);
  assertEquals(underfilledShare(launches.slice(0, 1), { lanes: 128 }), 0);
});

Deno.test("variantKernels() writes the kernels of every candidate of a product", () => {
  using device = recordingDevice(CARDS[0]!);
  using scope = new VariantScope(device);
  using a = device.empty([256, 256]);
  using _product = matmul(a, a);
  const [{ contraction } = assert(false)!] = [...scope.taken.values()];
  const found = variantKernels(device, contraction);
  const variants = new Set(found.map(({ variant }) => variant));
  assert(variants.has("tiled rows 32 columns 32 depth 16 rowQuads 1 columnQuads 1"));
  assert([...variants].every((variant) => !variant.includes("splits")));
  assert(found.some(({ kernel, isMain }) => kernel.label === "add parts" && !isMain));
  assert(found.some(({ kernel, isMain }) => kernel.label === "matmul NN tiled 64x64" && isMain));
});

Deno.test("COMPILERS leave out cards that are there, and each card's kernels are compiled", () => {
  const names = CARDS.map(({ name }) => name);
  for (const { except = [] } of COMPILERS) assertEquals(except.filter((name) => !names.includes(name)), []);
  const compiled = CARDS.filter(({ name, family }) =>
    COMPILERS.some(({ families, except = [] }) => families.includes(family) && !except.includes(name))
  );
  assertEquals(compiled.length, CARDS.length);
});

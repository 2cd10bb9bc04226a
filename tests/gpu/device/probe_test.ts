import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { describeAdapter, requestAdapter, UNNAMED } from "../../../src/gpu/device/adapter.ts";
import { probeCapabilities, requestDevice } from "../../../src/gpu/device/probe.ts";
import { Device, matmul } from "../../../src/gpu/mod.ts";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import { assertClose } from "../../support/close.ts";

const DIRECTIVE = "enable subgroups;\n";

/** Lets a compiler say of each shader that it uses subgroups, and whether it enables them, what it makes of it. */
function changeCompiler(gpu: GPUDevice, compile: (code: string, enabled: boolean) => string): string[] {
  const compiled: string[] = [];
  const create = gpu.createShaderModule.bind(gpu);
  gpu.createShaderModule = (descriptor) => {
    const { code } = descriptor;
    if (!code.includes("subgroup")) return create(descriptor);
    compiled.push(code);
    const enabled = code.startsWith(DIRECTIVE);
    return create({ ...descriptor, code: compile(enabled ? code.slice(DIRECTIVE.length) : code, enabled) });
  };
  return compiled;
}

Deno.test("probeCapabilities() tries subgroups without a directive, and then with it", async () => {
  const adapter = await requestAdapter();
  const facts = describeAdapter(adapter);
  const gpu = await requestDevice(adapter, facts);
  const { subgroupSize, subgroupDirective } = await probeCapabilities(gpu, facts);
  assertEquals(subgroupDirective, undefined, "Deno's compiler refuses the directive");
  if (subgroupSize === 0) return console.log("skipped: there are no subgroups here");

  const compiled = changeCompiler(gpu, (code, enabled) => enabled ? code : "an error");
  const found = await probeCapabilities(gpu, facts);
  assertEquals([found.subgroupSize, found.subgroupDirective], [subgroupSize, true]);
  assertEquals(compiled.map((code) => code.startsWith(DIRECTIVE)), [false, true]);

  using device = new Device(gpu, facts, found);
  const shared = `wide rows 8 vectors 1 lanes ${subgroupSize} groups 1 shared splits 1`;
  using _variants = new VariantScope(device, { get: () => shared });
  const product = matmul(device.tensor([[1, 2], [3, 4]]), device.tensor([[5, 6], [7, 8]]));
  assertClose(await product.data(), [19, 22, 43, 50], { relative: 0, absolute: 0 }, "product");
  assertEquals(compiled.at(-1)!.startsWith(DIRECTIVE), true, "kernels have the directive, too");
  device.check();
});

Deno.test("probeCapabilities() finds no subgroups where neither way works", async () => {
  const adapter = await requestAdapter();
  const facts = describeAdapter(adapter);
  const gpu = await requestDevice(adapter, facts);
  changeCompiler(gpu, () => "an error");
  const { subgroupSize, subgroupDirective } = await probeCapabilities(gpu, facts);
  assertEquals([subgroupSize, subgroupDirective], [0, undefined]);
  gpu.destroy();
});

Deno.test("probeCapabilities() measures the loops of an adapter that does not tell what it is", async () => {
  const adapter = await requestAdapter();
  const facts = describeAdapter(adapter);
  const gpu = await requestDevice(adapter, facts);
  const unnamed = { ...facts, name: UNNAMED, vendor: "", architecture: "", software: false };
  const named = { ...facts, software: true };
  const [found, expected] = [await probeCapabilities(gpu, unnamed), await probeCapabilities(gpu, named)];
  assertEquals(found.loopIterations, expected.loopIterations);
  gpu.destroy();
});

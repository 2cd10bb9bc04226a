import { assertEquals } from "@std/assert";
import type { Contraction, Direction } from "../../../../src/gpu/contraction/sums/contraction.ts";
import type { ConvolutionGeometry } from "../../../../src/gpu/contraction/sums/geometry.ts";
import { canUseWinograd, winogradSide } from "../../../../src/gpu/contraction/winograd/choose_side.ts";
import type { Device } from "../../../../src/gpu/mod.ts";

function deviceLike(name: string, binding = 128 * 2 ** 20, loopIterations = 65535): Device {
  const limits = { maxStorageBufferBindingSize: binding };
  return {
    adapter: { name, vendor: "", architecture: "", software: true, limits, features: [] },
    capabilities: { loopIterations },
  } as unknown as Device;
}

const LLVMPIPE = deviceLike("llvmpipe (LLVM 15.0.6, 256 bits)");

/** A layer of a discriminator. */
function layer(images: number, size: number, inputs: number, outputs: number): ConvolutionGeometry {
  return {
    images,
    height: size,
    width: size,
    inputs,
    outHeight: size / 2,
    outWidth: size / 2,
    outputs,
    kernelHeight: 4,
    kernelWidth: 4,
    stride: 2,
    padding: 1,
  };
}

function sidesOf(device: Device, geometry: ConvolutionGeometry, dtype = "f32"): (number | undefined)[] {
  const directions: Direction[] = ["forward", "input gradient", "weight gradient"];
  const tensors = { a: { dtype }, b: { dtype: "f32" }, output: { dtype } };
  return directions.map((direction) =>
    winogradSide(device, { geometry, direction, ...tensors } as Contraction)
  );
}

Deno.test("winogradSide() takes large tiles of large maps, small ones of small maps, and none of few products", () => {
  assertEquals(sidesOf(LLVMPIPE, layer(16, 32, 64, 128)), [4, 4, 4]);
  assertEquals(sidesOf(LLVMPIPE, layer(16, 32, 64, 128), "f16"), [undefined, undefined, undefined]);
  assertEquals(sidesOf(LLVMPIPE, layer(16, 8, 256, 512)), [2, 2, 2]);
  // The weight gradient of few pixels only moves memory
  assertEquals(sidesOf(LLVMPIPE, layer(2, 8, 256, 512)), [2, 2, undefined]);
  assertEquals(sidesOf(LLVMPIPE, layer(16, 4, 8, 8)), [undefined, undefined, undefined]);
});

Deno.test("winogradSide() is the same for the images of any batch of at most 64", () => {
  // Of 512x512 images, not all operands of 64 fit
  for (const geometry of [layer(1, 32, 64, 128), layer(1, 8, 256, 512), layer(1, 256, 16, 32)]) {
    const [forward, input] = sidesOf(LLVMPIPE, geometry);
    for (const images of [2, 7, 16, 63, 64]) {
      assertEquals(sidesOf(LLVMPIPE, { ...geometry, images }).slice(0, 2), [forward, input], `${images}`);
    }
  }
});

Deno.test("winogradSide() is for adapters on which it was measured", () => {
  const geometry = layer(16, 32, 64, 128);
  for (const name of ["SwiftShader Device (Subzero)", "NVIDIA GeForce RTX 3060", "Apple M2"]) {
    assertEquals(sidesOf(deviceLike(name), geometry), [undefined, undefined, undefined]);
  }
});

Deno.test("canUseWinograd() refuses other convolutions, and what does not fit", () => {
  const geometry = layer(4, 16, 8, 8);
  const canUse = (changed: Partial<ConvolutionGeometry>, device = LLVMPIPE) =>
    canUseWinograd(device, { geometry: { ...geometry, ...changed }, direction: "weight gradient" }, 2);
  assertEquals(canUse({}), true);
  const others: Partial<ConvolutionGeometry>[] = [
    { kernelHeight: 5, kernelWidth: 5, padding: 2 },
    { kernelWidth: 3 },
    { stride: 1 },
    { padding: [1, 0] },
    { dilation: 2 },
    { groups: 2 },
    { inputs: 3 },
    { outputs: 6 },
    // The last row of the input is seen by no window
    { height: 17 },
  ];
  for (const changed of others) assertEquals(canUse(changed), false, JSON.stringify(changed));
  assertEquals(canUseWinograd(LLVMPIPE, {}, 2), false);
  // 9 products of 4 * 16 tiles with 4 * 8 channels
  assertEquals(canUse({}, deviceLike("llvmpipe", 4 * 9 * 64 * 32)), true);
  assertEquals(canUse({}, deviceLike("llvmpipe", 4 * 9 * 64 * 32 - 1)), false);
  assertEquals([canUse({}, deviceLike("", 2 ** 20, 17)), canUse({}, deviceLike("", 2 ** 20, 16))], [
    true,
    false,
  ]);
});

import type { FloatType } from "../../kernel/float_memory.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType } from "../../tensor/dtype.ts";

/**
 * Bytes of pictures as numbers from -1 (black) to 1 (white): `x / 127.5 - 1`. Any shape. Computed as
 * `(2 x - 255) * (1 / 255)`, which rounds once to f32, so every adapter gives the same bytes; f16 if requested.
 *
 * @throws {TypeError} if the tensor is not u8.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { normalizeImages, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const bytes = device.tensor([0, 255], { dtype: "u8" });
 * assertEquals([...await normalizeImages(bytes).data()], [-1, 1]);
 * ```
 */
export function normalizeImages(bytes: Tensor, dtype: FloatType = "f32"): Tensor {
  expect("normalizeImages", bytes, "u8");
  const output = bytes.device.empty(bytes.shape, dtype);
  const numbers = write(output, "vec4f");
  const quads = Math.ceil(bytes.size / 4);
  runKernel(bytes.device, {
    label: "normalize images",
    buffers: { bytes: read(bytes, "array<u32>"), output: numbers },
    uniforms: { quads: u32(quads) },
    grid: linearGrid(quads),
    body: `  if (index >= params.quads) { return; }
  let four = (vec4u(bytes[index]) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u);
  output[index] = ${numbers.store(`vec4f(vec4i(four) * 2 - 255) * ${1 / 255}`)};`,
  });
  return output;
}

/**
 * Numbers from -1 to 1 as bytes of pictures: `round((x + 1) * 127.5)`, halves to even, numbers beyond -1 and 1 are
 * clamped. Any shape; the result is u8.
 *
 * @throws {TypeError} if the tensor is not f32.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, quantizeImages } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const [bytes] = await device.read([quantizeImages(device.tensor([-1, 0, 1, 7]))]);
 * assertEquals(bytes, Uint8Array.of(0, 128, 255, 255));
 * ```
 */
export function quantizeImages(x: Tensor): Tensor {
  expect("quantizeImages", x, "f32");
  const output = x.device.empty(x.shape, "u8");
  const quads = Math.ceil(x.size / 4);
  runKernel(x.device, {
    label: "quantize images",
    buffers: { x: read(x, "array<vec4f>"), output: write(output, "array<u32>") },
    uniforms: { quads: u32(quads) },
    grid: linearGrid(quads),
    body: `  if (index >= params.quads) { return; }
  let four = vec4u(round((clamp(x[index], vec4f(-1.0), vec4f(1.0)) + 1.0) * 127.5));
  output[index] = four.x | (four.y << 8u) | (four.z << 16u) | (four.w << 24u);`,
  });
  return output;
}

function expect(label: string, tensor: Tensor, dtype: DType): void {
  if (tensor.dtype !== dtype) {
    throw new TypeError(`${label}() needs a tensor of ${dtype}, found ${tensor.dtype}`);
  }
}

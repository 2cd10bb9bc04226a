import { linearGrid } from "../../gpu/kernel/kernel.ts";
import { f32, read, runKernel, u32, update, write } from "../../gpu/kernel/run_kernel.ts";
import type { Tensor } from "../../gpu/mod.ts";

/** Rounds a number to 16 bits, at a scale, in WGSL. */
const rounded = (value: string) =>
  `(unpack2x16float(pack2x16float(vec2f(${value}, 0.0) * params.scale)).x / params.scale)`;

/** Adds another row to one, in place, in numbers of 16 bits: both are rounded, and so is the sum. */
export function addHalves(target: Tensor, other: Tensor, scale: number): void {
  const [sum, addend] = [update(target, "f32"), read(other, "f32")];
  runKernel(target.device, {
    label: "add gradients in 16 bits",
    buffers: { other: addend, sums: sum },
    uniforms: { count: u32(target.size), scale: f32(scale) },
    grid: linearGrid(target.size),
    body: `  if (index >= params.count) { return; }
  let sum = ${rounded("sums[index]")} + ${rounded("other[index]")};
  sums[index] = ${rounded("sum")};`,
  });
}

/**
 * Two numbers of 16 bits in the place of each of 32, `[size / 2]`: bits that are only passed on.
 *
 * @param row An even number of floats.
 */
export function packHalves(row: Tensor, scale: number): Tensor {
  const { device, size } = row;
  const packed = device.empty([size / 2]);
  runKernel(device, {
    label: "gradients to 16 bits",
    buffers: { row: read(row, "f32"), packed: write(packed, "f32") },
    uniforms: { count: u32(size / 2), scale: f32(scale) },
    grid: linearGrid(size / 2),
    body: `  if (index >= params.count) { return; }
  let pair = vec2f(row[2u * index], row[2u * index + 1u]) * params.scale;
  packed[index] = bitcast<f32>(pack2x16float(pair));`,
  });
  return packed;
}

/** Writes what {@linkcode packHalves} packed. */
export function unpackHalves(packed: Tensor, into: Tensor, scale: number): void {
  runKernel(into.device, {
    label: "gradients from 16 bits",
    buffers: { packed: read(packed, "f32"), into: write(into, "f32") },
    uniforms: { count: u32(into.size / 2), scale: f32(scale) },
    grid: linearGrid(into.size / 2),
    body: `  if (index >= params.count) { return; }
  let pair = unpack2x16float(bitcast<u32>(packed[index])) / params.scale;
  into[2u * index] = pair.x;
  into[2u * index + 1u] = pair.y;`,
  });
}

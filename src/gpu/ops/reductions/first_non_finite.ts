import { read, runKernel, update } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { elementWalk } from "../elementwise/elements.ts";

/** What {@linkcode firstNonFiniteElement} gives if all elements are finite. */
export const ALL_FINITE = 0xffffffff;

/**
 * The place of the first element that is NaN or infinite, as u32 `[1]`, to be read together with the values: 2^32 - 1
 * if all are finite. Any shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { firstNonFiniteElement, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals(await firstNonFiniteElement(device.tensor([1, 2, NaN])).item(), 2);
 * ```
 *
 * @throws {TypeError} if the tensor does not hold floats.
 */
export function firstNonFiniteElement(x: Tensor): Tensor {
  const { device, size } = x;
  const values = read(x, "f32");
  const walk = elementWalk(device, size);
  const lowest = device.tensor([ALL_FINITE], { dtype: "u32" });
  runKernel(device, {
    label: "first non-finite",
    parts: [walk],
    buffers: { x: values, lowest: update(lowest, "array<atomic<u32>>") },
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(
      `    if ((bitcast<u32>(${
        values.load("x[at]")
      }) & 0x7f800000u) == 0x7f800000u) { atomicMin(&lowest[0], at); }`,
    ),
  });
  return lowest;
}

import { memoryOf } from "../../kernel/float_memory.ts";
import { defineKernel } from "../../kernel/kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { elementWalk } from "../elementwise/elements.ts";

/** What {@linkcode firstNonFiniteElement} gives where all elements are finite. */
export const ALL_FINITE = 0xffffffff;

/**
 * The place of the first element that is NaN or infinite, as u32 `[1]`, to be read together with the values: 2^32 - 1
 * where all are finite. Any shape.
 *
 * @example
 * ```ts
 * import { firstNonFiniteElement, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * console.log(await firstNonFiniteElement(device.tensor([1, 2, NaN])).item()); // 2
 * ```
 *
 * @throws {TypeError} if the tensor does not hold floats.
 */
export function firstNonFiniteElement(x: Tensor): Tensor {
  const { device, size } = x;
  const memory = memoryOf(x, "f32");
  const walk = elementWalk(device, size);
  const kernel = defineKernel({
    label: "first non-finite",
    bindings: { x: ["read", memory.array], lowest: ["update", "array<atomic<u32>>"] },
    uniforms: walk.uniforms,
    workgroup: walk.workgroup,
    body: walk.body(
      `    if ((bitcast<u32>(${
        memory.load("x[at]")
      }) & 0x7f800000u) == 0x7f800000u) { atomicMin(&lowest[0], at); }`,
    ),
  });
  const lowest = device.tensor([ALL_FINITE], { dtype: "u32" });
  device.launch(kernel, { x, lowest }, walk.values, walk.grid);
  return lowest;
}

import type { Kernel } from "./kernel.ts";
import type { Recording } from "./recording.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Throws unless a tensor can be bound to a kernel as `type`.
 *
 * @throws {Error} if it was disposed.
 * @throws {TypeError} if it is missing, or if f16 would be read as another type or the reverse.
 */
export function checkBinding(
  { label }: Kernel,
  name: string,
  type: string,
  tensor: Tensor | undefined,
): asserts tensor is Tensor {
  if (!tensor) throw new TypeError(`Kernel '${label}' needs a buffer for '${name}'`);
  if (!tensor.live) throw new Error(`Kernel '${label}' was given a disposed tensor as '${name}'`);
  if (type.includes("f16") === (tensor.dtype === "f16")) return;
  throw new TypeError(
    `Kernel '${label}' takes '${name}' as ${type}, but the tensor is of ${tensor.dtype}: ` +
      "make it another type with cast()",
  );
}

/**
 * Throws unless a tensor has memory, or will have some in the program that is being recorded.
 *
 * @throws {Error} if it has no memory.
 */
export function checkPlace(
  { label }: Kernel,
  name: string,
  tensor: Tensor,
  recording: Recording | undefined,
): void {
  if (recording ? recording.places(tensor.storage) : tensor.storage.placed) return;
  throw new Error(
    `Kernel '${label}' was given a tensor without memory as '${name}': it was made while a program was recorded, ` +
      "which does not use it or was disposed. Make it outside, or with state()",
  );
}

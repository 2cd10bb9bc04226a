import type { Device } from "../device/device.ts";
import type { Kernel } from "./kernel.ts";
import type { Recording } from "../program/recording.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../tensor/dtype.ts";

const FLOATS: readonly DType[] = ["f32"];
const HALVES: readonly DType[] = ["f16"];
const INTEGERS: readonly DType[] = ["u32", "u8"];
const ANY: readonly DType[] = ["f32", "u32", "u8"];

const known = new Map<string, readonly DType[]>();

/**
 * The element types of tensors that a kernel can read as a WGSL type. Bytes are read four at a time, as words; a type
 * that is not known takes whatever it is given, except floats of 16 bits.
 */
export function elementTypesOf(type: string): readonly DType[] {
  let types = known.get(type);
  if (!types) known.set(type, types = findElementTypes(type));
  return types;
}

function findElementTypes(type: string): readonly DType[] {
  if (/\b(int64_)?f16|\bvec[234]h\b/.test(type)) return HALVES;
  if (/\b(f32|vec[234]f|mat[234]x[234]f|int64_f32x4|r32float|rgba32float)\b/.test(type)) return FLOATS;
  if (/\b([iu]32|vec[234][iu])\b/.test(type)) return INTEGERS;
  return ANY;
}

/**
 * Throws unless a tensor can be bound to a kernel as `type`.
 *
 * @throws {Error} if it was disposed.
 * @throws {TypeError} if it is missing, or if the kernel would read its elements as another type.
 */
export function checkBinding(
  { label }: Kernel,
  name: string,
  type: string,
  tensor: Tensor | undefined,
): asserts tensor is Tensor {
  if (!tensor) throw new TypeError(`Kernel '${label}' needs a buffer for '${name}'`);
  if (!tensor.live) {
    throw new Error(`Kernel '${label}' needs a live tensor as '${name}', found a disposed one`);
  }
  const allowed = elementTypesOf(type);
  if (allowed.includes(tensor.dtype)) return;
  const castable = (tensor.dtype === "f16" && allowed !== INTEGERS) ||
    (tensor.dtype === "f32" && allowed === HALVES);
  throw new TypeError(
    `Kernel '${label}' needs '${name}' as ${type}, found a tensor of ${tensor.dtype}. ` +
      (castable ? "Convert it with cast()" : `Pass a tensor of ${allowed.join(" or ")}`),
  );
}

/**
 * Throws unless a tensor has memory on a device, or will have some in the program that is being recorded there.
 *
 * @throws {TypeError} if it is on another device.
 * @throws {Error} if it has no memory.
 */
export function checkPlace(
  { label }: Kernel,
  name: string,
  tensor: Tensor,
  device: Device,
  recording: Recording | undefined,
): void {
  if (tensor.device !== device) {
    throw new TypeError(
      `Kernel '${label}' needs '${name}' on its own device, found a tensor of another device. ` +
        "Copy it: read() it there, and create it on this device",
    );
  }
  if (recording ? recording.places(tensor.storage) : tensor.storage.placed) return;
  throw new Error(
    `Kernel '${label}' needs '${name}' with memory, found a tensor without: it was created while a program was recorded ` +
      "that does not use it or was disposed. Create it outside of the program, or with state()",
  );
}

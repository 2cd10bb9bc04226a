import type { Tensor } from "../../gpu/mod.ts";

/** Slices begin at multiples of this many elements: 256 bytes of floats of 16 bits, as WebGPU wants of bindings. */
const ALIGNMENT = 128;

/**
 * A row `[length]` of floats cut into slices that a kernel can bind, most of the row in each: the row itself if it can
 * be bound at once. Rows of one length are cut in the same places, whatever their element type.
 */
export function sliceRow(row: Tensor): Tensor[] {
  const { device, size } = row;
  const bindable = device.adapter.limits.maxStorageBufferBindingSize / Float32Array.BYTES_PER_ELEMENT;
  if (size <= bindable) return [row];
  const most = Math.floor(bindable / ALIGNMENT) * ALIGNMENT;
  return Array.from(
    { length: Math.ceil(size / most) },
    (_, part) => device.slice(row, part * most, [Math.min(most, size - part * most)]),
  );
}

import type { Tensor } from "../../gpu/mod.ts";

/** Slices begin at multiples of this many elements: 256 bytes of floats of 16 bits, as WebGPU wants of bindings. */
const ALIGNMENT = 128;

/** Elements of a row that follow each other. They begin at a multiple of 256 bytes. */
export interface RowPart {
  /** The first. */
  readonly start: number;
  /** How many there are. */
  readonly length: number;
}

/**
 * A row `[length]` of floats, or some parts of it, cut into slices that a kernel can bind, most of the row in each: the row
 * itself if it can be bound at once. Rows of one length are cut in the same places, whatever their element type.
 */
export function sliceRow(row: Tensor, parts?: readonly RowPart[]): Tensor[] {
  const { device, size } = row;
  const bindable = device.adapter.limits.maxStorageBufferBindingSize / Float32Array.BYTES_PER_ELEMENT;
  if (!parts && size <= bindable) return [row];
  const most = Math.floor(bindable / ALIGNMENT) * ALIGNMENT;
  return (parts ?? [{ start: 0, length: size }]).flatMap(({ start, length }) =>
    Array.from(
      { length: Math.ceil(length / most) },
      (_, part) => device.slice(row, start + part * most, [Math.min(most, length - part * most)]),
    )
  );
}

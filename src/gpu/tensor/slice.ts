import { Storage } from "../memory/storage.ts";
import { BYTES_PER_ELEMENT } from "./dtype.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Bytes that WebGPU wants between the starts of bindings in one buffer, on any adapter. */
const SLICE_ALIGNMENT = 256;

/** A tensor on a part of another one's elements: see `Device.slice`. */
export function sliceTensor(source: Tensor, start: number, shape: Shape): Tensor {
  source.expectLive("take a slice of");
  checkShape(shape);
  const bytes = BYTES_PER_ELEMENT[source.dtype];
  if (start < 0 || start + sizeOf(shape) > source.size || start * bytes % SLICE_ALIGNMENT !== 0) {
    throw new RangeError(
      `Cannot take ${formatShape(shape)} from element ${start} of ${formatShape(source.shape)}: ` +
        `it must lie inside and start at a multiple of ${SLICE_ALIGNMENT / bytes} elements`,
    );
  }
  const storage = new Storage(sizeOf(shape) * bytes, { parent: source.storage, offset: start * bytes });
  return new Tensor(source.device, [...shape], source.dtype, storage);
}

import { BYTES_PER_ELEMENT, type DType, HOST_ARRAYS } from "./tensor.ts";

/** Values in the tensor's element type, padded to the multiple of 4 bytes that an upload needs. */
export function toBytes(values: ArrayLike<number>, dtype: DType): Uint8Array<ArrayBuffer> {
  const length = Math.ceil(values.length * BYTES_PER_ELEMENT[dtype] / 4) * 4;
  if (ArrayBuffer.isView(values) && values.buffer instanceof ArrayBuffer && values.byteLength === length) {
    if (values instanceof HOST_ARRAYS[dtype]) return new Uint8Array(values.buffer, values.byteOffset, length);
  }
  const bytes = new ArrayBuffer(length);
  new HOST_ARRAYS[dtype](bytes).set(values);
  return new Uint8Array(bytes);
}

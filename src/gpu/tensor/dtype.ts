/**
 * Element types: floats of 32 and of 16 bits, 32-bit unsigned integers (labels, counters), bytes (pictures). Not every
 * adapter has floats of 16 bits, see `Capabilities`.
 */
export type DType = "f32" | "f16" | "u32" | "u8";

/** Bytes of one element. */
export const BYTES_PER_ELEMENT: Readonly<Record<DType, number>> = { f32: 4, f16: 2, u32: 4, u8: 1 };

/** The array that holds the values of each element type on the host. */
export interface HostArrays {
  /** 32-bit floats. */
  f32: Float32Array<ArrayBuffer>;
  /** 16-bit floats. */
  f16: Float16Array<ArrayBuffer>;
  /** 32-bit unsigned integers. */
  u32: Uint32Array<ArrayBuffer>;
  /** Bytes. */
  u8: Uint8Array<ArrayBuffer>;
}

/** Makes the array of each element type over bytes. */
export const HOST_ARRAYS: { readonly [D in DType]: new (bytes: ArrayBuffer) => HostArrays[D] } = {
  f32: Float32Array,
  f16: Float16Array,
  u32: Uint32Array,
  u8: Uint8Array,
};

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

import { fromBfloat16 } from "../bfloat16.ts";
import type { SafetensorsArrays, SafetensorsDType } from "../safetensors.ts";

/** Values of a storage, which one or several tensors are parts of. */
export type StorageData = SafetensorsArrays[SafetensorsDType];

/** A type of PyTorch's storages. */
export interface StorageType {
  /** Bytes of one value. */
  readonly width: number;
  /** The element type that its values become. */
  readonly dtype: SafetensorsDType;
  /** Values of bytes that lie in the order of this machine, the lowest first. */
  readonly decode: (bytes: ArrayBuffer) => StorageData;
}

/** The types that are read: all others are refused by name. */
export const STORAGE_TYPES: ReadonlyMap<string, StorageType> = new Map<string, StorageType>([
  ["torch.FloatStorage", { width: 4, dtype: "F32", decode: (bytes) => new Float32Array(bytes) }],
  ["torch.DoubleStorage", { width: 8, dtype: "F64", decode: (bytes) => new Float64Array(bytes) }],
  ["torch.HalfStorage", { width: 2, dtype: "F16", decode: (bytes) => new Float16Array(bytes) }],
  ["torch.BFloat16Storage", { width: 2, dtype: "F32", decode: fromBfloat16 }],
  ["torch.LongStorage", { width: 8, dtype: "I64", decode: (bytes) => new BigInt64Array(bytes) }],
  ["torch.IntStorage", { width: 4, dtype: "I32", decode: (bytes) => new Int32Array(bytes) }],
  ["torch.ShortStorage", {
    width: 2,
    dtype: "I32",
    decode: (bytes) => Int32Array.from(new Int16Array(bytes)),
  }],
  ["torch.CharStorage", { width: 1, dtype: "I32", decode: (bytes) => Int32Array.from(new Int8Array(bytes)) }],
  ["torch.ByteStorage", { width: 1, dtype: "U8", decode: (bytes) => new Uint8Array(bytes) }],
  ["torch.BoolStorage", { width: 1, dtype: "U8", decode: (bytes) => new Uint8Array(bytes) }],
]);

import { DatasetError } from "../../contract.ts";
import { quote } from "../../messages.ts";

/** What the elements of an array are, and how they lie in a file. */
export interface ElementType {
  /** Bits are false and true, a byte each. */
  readonly kind: "bits" | "unsigned" | "signed" | "float";
  /** Bytes of one. */
  readonly size: 1 | 2 | 4 | 8;
  /** Whether the highest byte comes first. */
  readonly bigEndian: boolean;
  /** NumPy's name: `float32`. */
  readonly name: string;
}

const kinds = { b: "bits", u: "unsigned", i: "signed", f: "float" } as const;

/** Sizes that each kind has. */
const sizes = { bits: [1], unsigned: [1, 2, 4, 8], signed: [1, 2, 4, 8], float: [2, 4, 8] } as const;

/** What the types are that hold no levels, by the letter of NumPy's code, and what makes levels of them. */
const others: Readonly<Record<string, string>> = {
  "[": "records; save one of their fields alone, array['name']",
  O: "Python objects; load it with allow_pickle=True and save np.stack(list(array)), if all are of one shape",
  c: "complex numbers; save np.abs(array)",
  f: "floats of another size; save array.astype('float32')",
  U: "text; save the pictures themselves",
  S: "text; save the pictures themselves",
};

/**
 * The type that NumPy's code stands for, such as `<f4`.
 *
 * @throws {DatasetError} if it holds no numbers of up to 8 bytes.
 */
export function elementType(code: string, path: string): ElementType {
  const [, order = "", letter = "", digits = ""] = /^([<>|=]?)([a-zA-Z[])(\d*)/.exec(code) ?? [];
  const kind = kinds[letter as keyof typeof kinds];
  const size = Number(digits) as ElementType["size"];
  if (kind === undefined || !(sizes[kind] as readonly number[]).includes(size)) {
    throw new DatasetError(
      `${path} must hold numbers or bits, found ${others[letter] ?? `the type ${quote(code)}`}`,
    );
  }
  const name = kind === "bits"
    ? "bool"
    : `${{ unsigned: "uint", signed: "int", float: "float" }[kind]}${8 * size}`;
  return { kind, size, bigEndian: order === ">", name };
}

/** Numbers of a type, of which those of 8 bytes come as the nearest doubles. Bits are 0 and 1. */
export function readElements(
  bytes: Uint8Array<ArrayBuffer>,
  { kind, size, bigEndian }: ElementType,
): ArrayLike<number> {
  // Views of numbers must begin at a multiple of their size
  const { buffer } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const start = bytes.byteOffset % size === 0 ? bytes.byteOffset : 0;
  const count = bytes.length / size;
  if (bigEndian) swap(new Uint8Array(buffer, start, bytes.length), size);
  if (kind === "bits") return bytes.map((byte) => byte === 0 ? 0 : 1);
  if (kind === "float") {
    if (size === 2) return new Float16Array(buffer, start, count);
    return size === 4 ? new Float32Array(buffer, start, count) : new Float64Array(buffer, start, count);
  }
  const signed = kind === "signed";
  if (size === 1) return signed ? new Int8Array(buffer, start, count) : bytes;
  if (size === 2) return new (signed ? Int16Array : Uint16Array)(buffer, start, count);
  if (size === 4) return new (signed ? Int32Array : Uint32Array)(buffer, start, count);
  // Many times faster than BigInt
  const low = new Uint32Array(buffer, start, 2 * count);
  const high = new (signed ? Int32Array : Uint32Array)(buffer, start, 2 * count);
  return Float64Array.from({ length: count }, (_, i) => high[2 * i + 1]! * 2 ** 32 + low[2 * i]!);
}

/** Turns the bytes of each element around. */
function swap(bytes: Uint8Array, size: ElementType["size"]): void {
  for (let at = 0; at < bytes.length; at += size) {
    for (let low = at, high = at + size - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}

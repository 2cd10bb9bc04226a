/** Bytes at the beginning of a file that hold the names of its first members. */
const LOOKED_AT = 2 ** 16;

/**
 * Whether a file begins as `torch.save` (or `torch.jit.save`) begins one: a zip of a pickle and storages, or,
 * in its older way, a pickle.
 */
export function isTorchFile(bytes: Uint8Array): boolean {
  return isPickle(bytes) ||
    isZip(bytes) && /\/(data\.pkl|data\/0|code\/__torch__)/.test(latin1(bytes.subarray(0, LOOKED_AT)));
}

/** Whether a file is a pickle: the protocol's opcode, and one of the protocols that there are. */
function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5;
}

/** Whether a file begins as zips do. */
export function isZip(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 4)) === "PK\x03\x04";
}

/** Bytes as text, a character each. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

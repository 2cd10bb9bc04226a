/**
 * Floats of 16 bits with the exponent of 32: the upper half of the same number in 32, so that nothing is
 * rounded.
 */
export function fromBfloat16(bytes: ArrayBuffer): Float32Array<ArrayBuffer> {
  const words = Uint32Array.from(new Uint16Array(bytes), (half) => half << 16);
  return new Float32Array(words.buffer);
}

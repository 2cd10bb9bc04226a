/**
 * 32 random bits for three numbers of 32 bits: they are mixed in one by one with the finalizer of
 * MurmurHash3.
 */
export function hash(seed: number, index: number, stream: number): number {
  return mix(mix(mix(seed + 0x9e3779b9) ^ index) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0;
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return h ^ h >>> 16;
}

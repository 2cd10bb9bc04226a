import { permuted } from "../../../gpu/mod.ts";

/** The numbers from 0 to `length - 1` in a random order. */
export function shuffledNumbers(length: number, seed: number): Uint32Array {
  return Uint32Array.from({ length }, (_, place) => permuted(place, length, { seed, epoch: 0 }));
}

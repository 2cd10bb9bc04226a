/** Numbers of experiments as text. */
import { bytes, duration, figure } from "../terminal/text.ts";

/** What a card of the middle does of its limit in such products: 10 TFLOP/s. */
const CARD_FLOPS = 1e13;

/** A share as `41.3 %`, with its deviation as `41.3 ± 0.4 %`. */
export function percent(share: number, deviation?: number): string {
  const text = (100 * share).toFixed(1);
  return deviation === undefined ? `${text} %` : `${text} ± ${(100 * deviation).toFixed(1)} %`;
}

/** Floating-point operations, and the time and memory that they take on a card. */
export function costText(
  { flop, bytes: memory }: { readonly flop: number; readonly bytes?: number },
): string {
  const units = ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"];
  let [value, unit] = [flop, 0];
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  const operations = `${unit === 0 ? value : figure(value)} ${units[unit]}`;
  if (memory === undefined) return operations;
  return `${operations} and ${bytes(memory)} on the GPU, about ${duration(flop / CARD_FLOPS)} at 10 TFLOP/s`;
}

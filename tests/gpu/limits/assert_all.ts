import { assertAlmostEquals } from "@std/assert";
import type { Tensor } from "../../../gpu.ts";

/** Throws unless all elements are equal to a number. */
export async function assertAll(
  tensor: Tensor,
  expected: number,
  allowed: number,
  label: string,
): Promise<void> {
  const [values] = await tensor.device.read([tensor]);
  let worst = 0;
  for (const value of values!) {
    const distance = Math.abs(value - expected);
    if (!(distance <= worst)) worst = distance;
  }
  assertAlmostEquals(worst, 0, allowed, `${label}: expected ${expected} everywhere, off by up to ${worst}`);
}

import type { Parameter } from "../module.ts";
import type { RowPart } from "./row_slices.ts";

/** The parts of a row that are trained: what lies between frozen parameters. Undefined if none is frozen. */
export function trainedParts(
  parameters: readonly Parameter[],
  starts: readonly number[],
  length: number,
): readonly RowPart[] | undefined {
  if (!parameters.some(({ frozen }) => frozen)) return undefined;
  const parts: { start: number; length: number }[] = [];
  for (const [position, { frozen }] of parameters.entries()) {
    if (frozen) continue;
    const [start, end] = [starts[position]!, starts[position + 1] ?? length];
    const last = parts.at(-1);
    if (last && last.start + last.length === start) last.length += end - start;
    else parts.push({ start, length: end - start });
  }
  return parts;
}

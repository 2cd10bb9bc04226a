import type { Contraction } from "../sums/contraction.ts";

/**
 * What a contraction computes, as text: two with one signature differ in nothing but their values, so that a variant
 * that is fast for one is fast for the other.
 */
export function signatureOf(contraction: Contraction): string {
  const { problem, geometry: g, detail, bias, activation, accumulate, a, b, output } = contraction;
  const types = [a, b, output].map(({ dtype }) => dtype);
  return [
    `${problem.label} ${detail}`,
    ...(g ? [`kernel ${g.kernelHeight}x${g.kernelWidth} stride ${g.stride} padding ${g.padding}`] : []),
    ...(bias ? ["bias"] : []),
    ...(activation ? [activation.type] : []),
    ...(accumulate ? ["added"] : []),
    ...(types.every((type) => type === "f32") ? [] : [types.join(" ")]),
  ].join(", ");
}

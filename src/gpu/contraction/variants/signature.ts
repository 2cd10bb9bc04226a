import type { Contraction } from "../sums/contraction.ts";

/**
 * What a contraction computes, as text: two with one signature differ in nothing but their values, so that a variant
 * that is fast for one is fast for the other.
 */
export function signatureOf(contraction: Contraction): string {
  const { problem, uniforms, detail, bias, activation, accumulate, a, b, output } = contraction;
  const { kernel_height: height, kernel_width: width, stride, padding } = uniforms;
  const types = [a, b, output].map(({ dtype }) => dtype);
  return [
    `${problem.label} ${detail}`,
    ...(height === undefined ? [] : [`kernel ${height}x${width} stride ${stride} padding ${padding}`]),
    ...(bias ? ["bias"] : []),
    ...(activation ? [activation.type] : []),
    ...(accumulate ? ["added"] : []),
    ...(types.every((type) => type === "f32") ? [] : [types.join(" ")]),
  ].join(", ");
}

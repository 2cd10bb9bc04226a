import type { Contraction } from "../sums/contraction.ts";
import { type ConvolutionGeometry, directions, type PerDirection } from "../sums/geometry.ts";

/**
 * What a contraction computes, as text: two with one signature differ in nothing but their values, so that a variant
 * that is fast for one is fast for the other.
 */
export function signatureOf(contraction: Contraction): string {
  const { problem, geometry: g, detail, bias, activation, accumulate, a, b, output } = contraction;
  const types = [a, b, output].map(({ dtype }) => dtype);
  return [
    `${problem.label} ${detail}`,
    ...(g ? [stepsAsText(g)] : []),
    ...(bias ? ["bias"] : []),
    ...(activation ? [activation.type] : []),
    ...(accumulate ? ["added"] : []),
    ...(types.every((type) => type === "f32") ? [] : [types.join(" ")]),
  ].join(", ");
}

function stepsAsText(
  { kernelHeight, kernelWidth, stride, padding, dilation = 1 }: ConvolutionGeometry,
): string {
  const asText = (setting: PerDirection) => {
    const [down, across] = directions(setting);
    return down === across ? `${down}` : `${down}x${across}`;
  };
  const steps = `kernel ${kernelHeight}x${kernelWidth} stride ${asText(stride)} padding ${asText(padding)}`;
  return asText(dilation) === "1" ? steps : `${steps} dilation ${asText(dilation)}`;
}

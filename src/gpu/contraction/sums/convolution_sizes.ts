import { each, u32, type Uniform } from "../../kernel/run_kernel.ts";
import type { Sum } from "./contraction.ts";
import { type ConvolutionGeometry, inputShape } from "./geometry.ts";
import type { Problem } from "./problem.ts";
import { stepUniforms } from "./steps.ts";

/** The sizes of a convolution, as every one of its sums reports them. */
export function convolutionSizes(
  g: ConvolutionGeometry,
  sizes: Pick<Sum, "rows" | "columns" | "depth">,
): { readonly sum: Omit<Sum, "problem">; readonly uniforms: Problem["uniforms"] } {
  const { rows, columns } = sizes;
  return {
    // The input's shape and the output's channels: with the network's layers at hand, that says which one it is.
    sum: { ...sizes, detail: `${inputShape(g).join("x")} -> ${g.outputs}`, geometry: g },
    uniforms: (part) => ({
      rows: u32(rows),
      columns: u32(columns),
      ...geometryUniforms(g),
      part: u32(part),
      shift_width: u32(Math.log2(g.outWidth) | 0),
      shift_image: u32(Math.log2(g.outWidth * g.outHeight) | 0),
    }),
  };
}

/** The extents as kernels read them. */
export function geometryUniforms(g: ConvolutionGeometry): Record<string, Uniform> {
  return {
    ...each(u32, {
      images: g.images,
      height: g.height,
      width: g.width,
      inputs: g.inputs,
      out_height: g.outHeight,
      out_width: g.outWidth,
      outputs: g.outputs,
      kernel_height: g.kernelHeight,
      kernel_width: g.kernelWidth,
    }),
    ...stepUniforms(g),
  };
}

import { floatTypeOf } from "../../kernel/float_memory.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { derive } from "../../autograd/origin.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * The kernel of the transposed convolution that does the same as nearest upsampling and a convolution: where the
 * convolution meets copies of one pixel, their weights are added up beforehand, so that each pixel is multiplied once.
 * Of `[height, width, in, out]` the wide one is `[height + scale - 1, width + scale - 1, out, in]`, with
 * `wide[ky, kx] = Σ weight[height - 1 + dy - ky, width - 1 + dx - kx]` over dy and dx from 0 to scale - 1, as far as
 * they are there.
 */
export function widenKernel(weight: Tensor, scale: number): Tensor {
  const [height, width, inputs, outputs] = weight.shape as [number, number, number, number];
  const wide = weight.device.empty([height + scale - 1, width + scale - 1, outputs, inputs]);
  addMeetings(weight, wide, scale, "wide");
  return derive(wide, [weight], (gradient, [wanted]) => {
    const narrow = weight.device.empty(weight.shape, floatTypeOf(weight));
    if (wanted) addMeetings(gradient, narrow, scale, "narrow");
    return [narrow];
  });
}

/** Adds up what each tap of one kernel meets in the other, which is the same either way. */
function addMeetings(source: Tensor, target: Tensor, scale: number, way: "wide" | "narrow"): void {
  const [sourceHeight, sourceWidth] = source.shape as [number, number];
  const [height, width, outer, inner] = target.shape as [number, number, number, number];
  const narrow = way === "wide" ? source : target;
  const [from, to] = [read(source), write(target)];
  runKernel(target.device, {
    label: `kernel of nearest upsampling, ${way}`,
    buffers: { source: from, output: to },
    uniforms: each(u32, {
      count: height * width * outer * inner,
      width,
      outer,
      inner,
      source_height: sourceHeight,
      source_width: sourceWidth,
      scale,
      last_y: narrow.shape[0]! - 1,
      last_x: narrow.shape[1]! - 1,
    }),
    grid: linearGrid(height * width * outer * inner),
    iterations: loopIterations(scale, loopIterations(scale)),
    // Taps before the first wrap around, and are too large
    body: `  if (index >= params.count) { return; }
  let a = index / params.inner % params.outer;
  let b = index % params.inner;
  let tap = index / (params.inner * params.outer);
  let first_y = params.last_y - tap / params.width;
  let first_x = params.last_x - tap % params.width;
  var sum = 0.0;
  for (var dy = 0u; dy < params.scale; dy++) {
    for (var dx = 0u; dx < params.scale; dx++) {
      let y = first_y + dy;
      let x = first_x + dx;
      let place = ((y * params.source_width + x) * params.inner + b) * params.outer + a;
      sum += select(0.0, ${from.load("source[place]")}, y < params.source_height && x < params.source_width);
    }
  }
  output[index] = ${to.store("sum")};`,
  });
}

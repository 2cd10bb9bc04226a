import { range } from "../../contraction/kernels/unroll.ts";
import { floatTypeOf } from "../../kernel/float_memory.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { derive } from "../../autograd/origin.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { elementWalk } from "../elementwise/elements.ts";

/**
 * The kernel of the transposed convolution that does the same as nearest upsampling and a convolution: where the
 * convolution meets copies of one pixel, their weights are added up beforehand, so that each pixel is multiplied once.
 * Of `[height, width, in, out]` the wide one is `[height + scale - 1, width + scale - 1, out, in]`, with
 * `wide[ky, kx] = Σ weight[height - 1 + dy - ky, width - 1 + dx - kx]` over dy and dx from 0 to scale - 1, as far as
 * they are there.
 */
export function widenKernel(weight: Tensor, scale: number): Tensor {
  return derive(widenKernelForward(weight, scale), [weight], (gradient, [wanted]) => {
    const narrow = weight.device.empty(weight.shape, floatTypeOf(weight));
    if (wanted) addMeetings(gradient, narrow, scale, "narrow");
    return [narrow];
  });
}

/** The same without gradients. */
export function widenKernelForward(weight: Tensor, scale: number): Tensor {
  const [height, width, inputs, outputs] = weight.shape as [number, number, number, number];
  const wide = weight.device.empty([height + scale - 1, width + scale - 1, outputs, inputs]);
  addMeetings(weight, wide, scale, "wide");
  return wide;
}

/** Taps of a kernel up to which they are written out in another one's text. */
const MOST_TAPS = 64;

/** Adds up what each tap of one kernel meets in the other, which is the same either way. */
function addMeetings(source: Tensor, target: Tensor, scale: number, way: Way): void {
  const [height, width] = target.shape as [number, number];
  const [sourceHeight, sourceWidth] = source.shape as [number, number];
  const isSmall = Math.max(height * width, sourceHeight * sourceWidth) <= MOST_TAPS;
  (isSmall ? addTogether : addApart)(source, target, scale, way);
}

/** Which of the two kernels is computed. */
type Way = "wide" | "narrow";

const labelOf = (way: Way) => `kernel of nearest upsampling, ${way}`;

/** By a thread for each pair of channels, which loads each tap once. The sums are those of {@linkcode addApart}, to the bit. */
function addTogether(source: Tensor, target: Tensor, scale: number, way: Way): void {
  const [sourceHeight, sourceWidth] = source.shape as [number, number];
  const [height, width, outer, inner] = target.shape as [number, number, number, number];
  const [lastY, lastX] = way === "wide" ? [sourceHeight - 1, sourceWidth - 1] : [height - 1, width - 1];
  const [from, to] = [read(source), write(target)];
  const steps = range(scale);
  const walk = elementWalk(target.device, outer * inner);
  const loads = range(sourceHeight * sourceWidth).map((tap) =>
    `    let tap_${tap} = ${from.load(`source[${tap}u * pairs + place]`)};`
  );
  const stores = range(height * width).map((tap) => {
    const [firstY, firstX] = [lastY - Math.floor(tap / width), lastX - tap % width];
    const met = steps.flatMap((dy) => steps.map((dx) => [firstY + dy, firstX + dx] as const))
      .filter(([y, x]) => y >= 0 && y < sourceHeight && x >= 0 && x < sourceWidth)
      .map(([y, x]) => `tap_${y * sourceWidth + x}`);
    const sum = met.reduce((sum, one) => `(${sum} + ${one})`, "0.0");
    return `    output[${tap}u * pairs + at] = ${to.store(sum)};`;
  });
  runKernel(target.device, {
    label: labelOf(way),
    parts: [walk],
    buffers: { source: from, output: to },
    uniforms: each(u32, { outer, inner }),
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: `  let pairs = params.outer * params.inner;
${
      walk.body(`    let a = at / params.inner;
    let place = (at - a * params.inner) * params.outer + a;
${loads.join("\n")}
${stores.join("\n")}`)
    }`,
  });
}

/** By a thread for each element, for kernels of any size. */
function addApart(source: Tensor, target: Tensor, scale: number, way: Way): void {
  const [sourceHeight, sourceWidth] = source.shape as [number, number];
  const [height, width, outer, inner] = target.shape as [number, number, number, number];
  const narrow = way === "wide" ? source : target;
  const [from, to] = [read(source), write(target)];
  runKernel(target.device, {
    label: labelOf(way),
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

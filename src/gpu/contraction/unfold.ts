import type { Device } from "../device/device.ts";
import { floatReader } from "../kernel/images/float_reader.ts";
import { each, read, runKernel, u32, update, write } from "../kernel/run_kernel.ts";
import { elementWalk } from "../ops/elementwise/elements.ts";
import { BYTES_PER_ELEMENT } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { range } from "./kernels/unroll.ts";
import { type ConvolutionGeometry, stepsOf } from "./sums/geometry.ts";

/** Taps times channels up to which they are written out in a kernel's text. */
const MOST_TERMS = 64;

/**
 * Whether the gradients of a convolution are computed from its unfolded output gradient: if it has so few output channels
 * that tiles would be mostly empty, and enough input channels to fill them instead. On software adapters, where that was
 * measured.
 */
export function suitsUnfolding({ adapter }: Device, g: ConvolutionGeometry): boolean {
  const { stride, dilation } = stepsOf(g);
  const steps = [...stride, ...dilation];
  const bytes = inputPixels(g) * paddedTerms(g) * BYTES_PER_ELEMENT.f32;
  return adapter.software && g.outputs <= 4 && g.inputs >= 8 && (g.groups ?? 1) === 1 &&
    steps.every((step) => step === 1) && terms(g) <= MOST_TERMS &&
    bytes <= adapter.limits.maxStorageBufferBindingSize;
}

/** What of the output gradient meets one input channel of a pixel: all taps times all output channels. */
function terms({ kernelHeight, kernelWidth, outputs }: ConvolutionGeometry): number {
  return kernelHeight * kernelWidth * outputs;
}

/** The same, in whole fours. */
function paddedTerms(g: ConvolutionGeometry): number {
  return Math.ceil(terms(g) / 4) * 4;
}

/** Pixels of the input, of all pictures. */
export function inputPixels({ images, height, width }: ConvolutionGeometry): number {
  return images * height * width;
}

/**
 * The output gradient as each pixel of the input meets it, `[images * height * width, terms]`: at `(ky, kx, co)` that of
 * output pixel `(y + padding - ky, x + padding - kx)`, or zero, and zeros up to a multiple of four. The reverse of
 * `torch.nn.functional.unfold`, which shows the input to each pixel of the output. Both gradients of a convolution are
 * products with it.
 */
export function unfold(gradient: Tensor, g: ConvolutionGeometry): Tensor {
  const { device } = gradient;
  const { padding: [down, across] } = stepsOf(g);
  const quads = paddedTerms(g) / 4;
  const output = device.empty([inputPixels(g), 4 * quads]);
  const [from, to] = [floatReader("gradient", gradient, "f32"), write(output, "vec4f")];
  const walk = elementWalk(device, inputPixels(g));
  const inside = (axis: "x" | "y", taps: number, extent: string) =>
    range(taps).map((tap) => `    let inside_${axis}${tap} = ${axis} - ${tap}u < params.${extent};`);
  const element = (at: number) => {
    if (at >= terms(g)) return "0.0";
    const [channel, tap] = [at % g.outputs, Math.floor(at / g.outputs)];
    const [ky, kx] = [Math.floor(tap / g.kernelWidth), tap % g.kernelWidth];
    const back = `(${ky}u * params.out_width + ${kx}u) * ${g.outputs}u`;
    return `select(0.0, ${from.load(`start - ${back} + ${channel}u`)}, inside_y${ky} && inside_x${kx})`;
  };
  const stores = range(quads).map((quad) =>
    `    output[at * ${quads}u + ${quad}u] = ${
      to.store(`vec4f(${range(4).map((i) => element(4 * quad + i)).join(", ")})`)
    };`
  );
  runKernel(device, {
    label: "unfold",
    parts: [walk],
    buffers: { gradient: { tensor: gradient, ...from }, output: to },
    uniforms: each(u32, { height: g.height, width: g.width, out_height: g.outHeight, out_width: g.outWidth }),
    workgroup: walk.workgroup,
    grid: walk.grid,
    // Pixels before the first wrap around, and are too large
    body: walk.body(`    let x = at % params.width + ${across}u;
    let y = at / params.width % params.height + ${down}u;
    let image = at / (params.width * params.height);
    let start = ((image * params.out_height + y) * params.out_width + x) * ${g.outputs}u;
${inside("y", g.kernelHeight, "out_height").join("\n")}
${inside("x", g.kernelWidth, "out_width").join("\n")}
${stores.join("\n")}`),
  });
  return output;
}

/** A weight as a factor of what is unfolded, `[terms, inputs]`, with zeros up to a multiple of four rows. */
export function unfoldedWeight(weight: Tensor, g: ConvolutionGeometry): Tensor {
  const { device } = weight;
  const output = device.empty([paddedTerms(g), g.inputs]);
  const [from, to] = [read(weight), write(output)];
  const walk = elementWalk(device, output.size);
  runKernel(device, {
    label: "unfolded weight",
    parts: [walk],
    buffers: { weight: from, output: to },
    uniforms: each(u32, { inputs: g.inputs, outputs: g.outputs, terms: terms(g) }),
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`    let term = at / params.inputs;
    let place = (term / params.outputs * params.inputs + at % params.inputs) * params.outputs + term % params.outputs;
    output[at] = ${to.store(`select(0.0, ${from.load("weight[place]")}, term < params.terms)`)};`),
  });
  return output;
}

/** The weight gradient that a product `[inputs, terms]` of the input and what is unfolded holds, put in order. */
export function foldWeightGradient(
  product: Tensor,
  output: Tensor,
  g: ConvolutionGeometry,
  accumulate: boolean,
): void {
  const { device } = product;
  const [from, to] = [read(product), (accumulate ? update : write)(output, "f32")];
  const walk = elementWalk(device, output.size);
  const before = accumulate ? `${to.load("output[at]")} + ` : "";
  runKernel(device, {
    label: "fold weight gradient",
    parts: [walk],
    buffers: { product: from, output: to },
    uniforms: each(u32, { inputs: g.inputs, outputs: g.outputs, terms: paddedTerms(g) }),
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`    let row = at / params.outputs;
    let term = row / params.inputs * params.outputs + at % params.outputs;
    output[at] = ${
      to.store(`${before}${from.load("product[row % params.inputs * params.terms + term]")}`)
    };`),
  });
}

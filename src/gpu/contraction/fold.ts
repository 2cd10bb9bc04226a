import type { Device } from "../device/device.ts";
import { loopIterations } from "../kernel/iterations.ts";
import { linearGrid } from "../kernel/kernel.ts";
import { f32, read, runKernel, u32, write } from "../kernel/run_kernel.ts";
import { activationDeclaration, slopeOf } from "../kernel/activation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type FoldFinish, foldLines, suitsLines } from "./fold_lines.ts";
import { gateDeclaration, gatedValue } from "./gate.ts";
import { geometryUniforms } from "./sums/convolution_sizes.ts";
import { type ConvolutionGeometry, directions } from "./sums/geometry.ts";
import { isDilated, readSteps } from "./sums/steps.ts";

/** Threads that walk along a line of a picture together. */
const THREADS = { software: 8, hardware: 64 };

/** Iterations of a thread of {@linkcode fold}. */
function foldIterations(g: ConvolutionGeometry, threads: number): number {
  const [strideDown, strideAcross] = directions(g.stride);
  const across = loopIterations(Math.ceil(g.kernelWidth / strideAcross));
  const window = loopIterations(Math.ceil(g.kernelHeight / strideDown), across);
  return loopIterations(Math.ceil(g.width * g.inputs / threads), window);
}

/** Whether there is a {@linkcode fold} of a convolution, with loops as short as a device wants them. */
export function canFold(device: Device, g: ConvolutionGeometry): boolean {
  return !isDilated(g) && foldIterations(g, threadsOn(device)) <= device.capabilities.loopIterations;
}

function threadsOn({ adapter }: Device): number {
  return adapter.software ? THREADS.software : THREADS.hardware;
}

/**
 * Adds up what each output pixel of a convolution sends back to the pixels in its window, as `torch.nn.functional.fold`:
 * `taps` is `[images, outHeight, outWidth, kernelHeight, kernelWidth, inputs]`, the result `[images, height, width,
 * inputs]`. Bias and activation come after the sum. Each element is summed up by one thread, so that the order is fixed.
 */
export function fold(
  taps: Tensor,
  output: Tensor,
  g: ConvolutionGeometry,
  finish: FoldFinish,
): void {
  const { device } = output;
  if (suitsLines(device, g)) return foldLines(taps, output, g, finish);
  const { bias, activation, gate } = finish;
  const target = write(output, "f32");
  const lines = g.images * g.height;
  // The taps are of all output channels together, and `lines` of all pictures.
  const { images: _images, outputs: _outputs, ...extents } = geometryUniforms(g);
  const { stride, padding } = readSteps(g);
  const threads = threadsOn(device);
  const sum = bias ? "sum + bias[channel]" : "sum";
  const finished = activation
    ? `activate(vec4f(${sum})).x`
    : gate
    ? gatedValue(sum, "element", "f32", gate, output)
    : sum;
  runKernel(device, {
    label: "fold",
    buffers: {
      taps: read(taps, "array<f32>"),
      ...(bias ? { bias: read(bias, "array<f32>") } : {}),
      ...(gate ? { gate: read(gate.of, "f32") } : {}),
      output: target,
    },
    uniforms: {
      lines: u32(lines),
      ...extents,
      slope: f32(slopeOf(activation ?? gate?.activation)),
    },
    grid: linearGrid(lines, 1),
    workgroup: threads,
    declarations: activation ? activationDeclaration(activation) : gate ? gateDeclaration(gate) : "",
    iterations: foldIterations(g, threads),
    // Pixel y is in the windows of output rows (y + padding - ky) / stride, for the taps ky that leave no rest: the
    // first of them in that row, each `stride` later one row before. Rows before the first wrap around, and are too large.
    body: `  let line = group.y * groups.x + group.x;
  if (line >= params.lines) { return; }
  let image = line / params.height;
  let y = line % params.height + ${padding.y};
  let last_row = y / ${stride.y};
  let tap = ${stride.x} * params.inputs;
  let length = params.kernel_width * params.inputs;
  for (var at = thread; at < params.width * params.inputs; at += ${threads}u) {
    let pixel = at / params.inputs;
    let channel = at - pixel * params.inputs;
    let last_column = (pixel + ${padding.x}) / ${stride.x};
    let first_kx = pixel + ${padding.x} - last_column * ${stride.x};
    var sum = 0.0;
    var row = last_row;
    for (var ky = y - last_row * ${stride.y}; ky < params.kernel_height; ky += ${stride.y}) {
      var column = last_column;
      let start = (image * params.out_height + row) * params.out_width;
      for (var kx = first_kx * params.inputs; kx < length; kx += tap) {
        let place = ((start + column) * params.kernel_height + ky) * length + kx + channel;
        sum += select(0.0, taps[place], row < params.out_height && column < params.out_width);
        column -= 1u;
      }
      row -= 1u;
    }
    let element = line * params.width * params.inputs + at;
    output[element] = ${target.store(finished)};
  }`,
  });
}

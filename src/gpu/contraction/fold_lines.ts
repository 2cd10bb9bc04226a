import type { Device } from "../device/device.ts";
import { activationDeclaration, type EpilogueActivation, slopeOf } from "../kernel/activation.ts";
import { loopIterations } from "../kernel/iterations.ts";
import { linearGrid } from "../kernel/kernel.ts";
import { f32, read, runKernel, u32, write } from "../kernel/run_kernel.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Gate, gateDeclaration, gatedValue } from "./gate.ts";
import { range } from "./kernels/unroll.ts";
import { geometryUniforms } from "./sums/convolution_sizes.ts";
import { type ConvolutionGeometry, stepsOf } from "./sums/geometry.ts";
import { readSteps } from "./sums/steps.ts";

/** Lines of a workgroup: one for each thread of a SIMD register. */
const THREADS = 8;

/** Taps of a line of a window, times channels, up to which they are written out in a kernel's text. */
const MOST_TERMS = 32;

/** What comes after a sum. */
export interface FoldFinish {
  /** Added: `[inputs]`. */
  readonly bias?: Tensor | undefined;
  /** Applied then. */
  readonly activation?: EpilogueActivation | undefined;
  /** Passed by it, if it is a gradient. */
  readonly gate?: Gate | undefined;
}

/** Columns of taps that a thread walks along. */
function columnsOf(g: ConvolutionGeometry): number {
  const { stride: [, across], padding: [, left] } = stepsOf(g);
  return Math.floor((g.width - 1 + left) / across) + 1;
}

/**
 * Whether a fold is done line by line: on software adapters, where a thread loads four floats at once in the time of
 * two, if the taps of a line of a window are whole fours, and each pixel lies in the same number of windows.
 */
export function suitsLines({ adapter, capabilities }: Device, g: ConvolutionGeometry): boolean {
  const { stride: [down, across] } = stepsOf(g);
  const terms = g.kernelWidth * g.inputs;
  return adapter.software && terms % 4 === 0 && terms <= MOST_TERMS &&
    g.kernelWidth % across === 0 && g.kernelHeight % down === 0 && g.kernelHeight / down <= 4 &&
    loopIterations(columnsOf(g)) <= capabilities.loopIterations;
}

/**
 * What `fold()` does, to the bit, by a thread for each line of the result. It walks along the taps of the rows that its
 * line is in the windows of, and keeps those of the columns before, so that it loads each once, and four at a time.
 */
export function foldLines(
  taps: Tensor,
  output: Tensor,
  g: ConvolutionGeometry,
  { bias, activation, gate }: FoldFinish,
): void {
  const { device } = output;
  const { inputs } = g;
  const { stride: [down, across] } = stepsOf(g);
  const quads = g.kernelWidth * inputs / 4;
  const [rows, columns] = [range(g.kernelHeight / down), range(g.kernelWidth / across)];
  const [from, target] = [read(taps, "vec4f"), write(output, "f32")];
  const lines = g.images * g.height;
  const { images: _images, outputs: _outputs, kernel_width: _width, inputs: _inputs, ...extents } =
    geometryUniforms(g);
  const { stride, padding } = readSteps(g);

  const four = (row: number, back: number, quad: number) => `taps_${row}_${back}_${quad}`;
  const each = (statement: (name: (back: number) => string, row: number, quad: number) => string) =>
    rows.flatMap((row) => range(quads).map((quad) => statement((back) => four(row, back, quad), row, quad)))
      .join("\n");
  const earlier = columns.slice(1);
  const loads = each((name, row, quad) =>
    `    let ${name(0)} = select(vec4f(), ${from.load(`taps[place_${row} + ${quad}u]`)}, inside_${row});`
  );
  const places = rows.map((row) =>
    `    let inside_${row} = last_row - ${row}u < params.out_height && column < params.out_width;
    let place_${row} = (((first_row - ${row}u) * params.out_width + column) * params.kernel_height + first_ky + ${row}u * ${stride.y}) * ${quads}u;`
  ).join("\n");
  const stores = range(across).map((step) => {
    const channels = range(inputs).map((channel) => {
      const sum = rows.flatMap((row) =>
        columns.map((back) => {
          const at = (back * across + step) * inputs + channel;
          return `${four(row, back, Math.floor(at / 4))}[${at % 4}]`;
        })
      ).reduce((sum, tap) => `(${sum} + ${tap})`, "0.0");
      const biased = bias ? `(${sum} + bias[${channel}])` : sum;
      const finished = activation
        ? `activate(vec4f(${biased})).x`
        : gate
        ? gatedValue(biased, `(element + ${channel}u)`, "f32", gate, output)
        : biased;
      return `      output[element + ${channel}u] = ${target.store(finished)};`;
    });
    return `    let pixel_${step} = column * ${stride.x} + ${step}u - ${padding.x};
    if (pixel_${step} < params.width) {
      let element = (line * params.width + pixel_${step}) * ${inputs}u;
${channels.join("\n")}
    }`;
  });
  runKernel(device, {
    label: "fold",
    buffers: {
      taps: from,
      ...(bias ? { bias: read(bias, "array<f32>") } : {}),
      ...(gate ? { gate: read(gate.of, "f32") } : {}),
      output: target,
    },
    uniforms: {
      ...extents,
      lines: u32(lines),
      columns: u32(columnsOf(g)),
      slope: f32(slopeOf(activation ?? gate?.activation)),
    },
    grid: linearGrid(lines, THREADS),
    workgroup: THREADS,
    declarations: activation ? activationDeclaration(activation) : gate ? gateDeclaration(gate) : "",
    iterations: loopIterations(columnsOf(g)),
    // Rows before the first wrap around, and are too large, as pixels left of the first are.
    body: `  let line = index;
  if (line >= params.lines) { return; }
  let y = line % params.height + ${padding.y};
  let last_row = y / ${stride.y};
  let first_ky = y - last_row * ${stride.y};
  let first_row = line / params.height * params.out_height + last_row;
${each((name) => earlier.map((back) => `  var ${name(back)} = vec4f();`).join("\n"))}
  for (var column = 0u; column < params.columns; column++) {
${places}
${loads}
${stores.join("\n")}
${each((name) => earlier.toReversed().map((back) => `    ${name(back)} = ${name(back - 1)};`).join("\n"))}
  }`,
  });
}

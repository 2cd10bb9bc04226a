import type { FloatMemory } from "../../kernel/float_memory.ts";
import { convolutionSizes } from "./convolution_sizes.ts";
import type { Sum } from "./contraction.ts";
import { type ConvolutionGeometry, outputPixels, windowSize } from "./geometry.ts";
import {
  type ColumnRuns,
  type DepthRuns,
  isAligned,
  operandMemory,
  type Operands,
  plainMemory,
  type Problem,
  type RowRuns,
  type WeightRuns,
} from "./problem.ts";
import { convolutionTerms, inputGradientTerms, weightGradientTerms } from "./reference.ts";

/**
 * Terms from which on a sum is worth being one of its own: it halves the rounding errors of a convolution over 128
 * channels, and with shorter sums a step of training took 3 to 4 % longer on llvmpipe.
 */
export const LONG_RUN = 512;

/** Reads one element of a padded image row of `params.width * params.inputs` elements. */
const pickDeclaration = ({ load }: FloatMemory) =>
  `fn pick_a(line: u32, flat: i32, limit: u32) -> f32 {
  return select(0.0, ${load("a[line + u32(flat)]")}, u32(flat) < limit);
}`;

/**
 * Convolution, `y[n, oy, ox, co] = Σ x[n, oy*s-p+ky, ox*s-p+kx, ci] w[ky, kx, ci, co]`: rows are output pixels,
 * columns output channels. In NHWC a row of the window, `(kx, ci)`, is contiguous in memory, so the depth is walked in
 * runs of that length, whatever the number of channels; an element lies outside the picture when its place in the
 * image row does.
 */
export function convolutionSum(g: ConvolutionGeometry, operands: Operands): Sum {
  const { sum, uniforms } = convolutionSizes(g, {
    rows: outputPixels(g),
    columns: g.outputs,
    depth: windowSize(g),
  });
  const aligned = isAligned(g.inputs);
  const [left, right] = [plainMemory(operands.a, aligned), operandMemory(operands.b, isAligned(g.outputs))];
  const run = "params.kernel_width * params.inputs";
  const a: DepthRuns = {
    along: "depth",
    ...left,
    row: (r, row) =>
      `let a_pixel${r} = (${row}) % (params.out_height * params.out_width);
  let a_image${r} = (${row}) / (params.out_height * params.out_width);
  let a_top${r} = i32(a_pixel${r} / params.out_width * params.stride) - i32(params.padding);
  let a_left${r} = (i32(a_pixel${r} % params.out_width * params.stride) - i32(params.padding)) * i32(params.inputs);`,
    line: (r) =>
      `let a_y${r} = u32(a_top${r} + i32(ky));
    let a_line${r} = (a_image${r} * params.height + a_y${r}) * params.width * params.inputs;
    let a_limit${r} = select(0u, params.width * params.inputs, a_y${r} < params.height);`,
    load: (r, j) => {
      const flat = `(a_left${r} + i32(${j}))`;
      if (aligned) {
        const value = left.memory.load(`a[(a_line${r} + u32${flat}) >> 2u]`);
        return `select(vec4f(), ${value}, u32${flat} < a_limit${r})`;
      }
      const element = (i: number) =>
        `pick_a(a_line${r}, ${flat} + ${i}, select(0u, a_limit${r}, ${j} + ${i}u < ${run}))`;
      return `vec4f(${[0, 1, 2, 3].map(element).join(", ")})`;
    },
  };
  const b: ColumnRuns = {
    along: "columns",
    ...right,
    load: (j, quad) => {
      const at = `((ky * ${run} + ${j}) * params.outputs + ${quad} * 4u)`;
      const value = columns(at, g, right.memory);
      return isAligned(g.kernelWidth * g.inputs) ? value : `select(vec4f(), ${value}, ${j} < ${run})`;
    },
  };
  const problem: Problem = {
    label: "conv2d",
    terms: convolutionTerms(g),
    uniforms,
    declarations: aligned ? "" : pickDeclaration(left.memory),
    a,
    b,
    before: "",
    open: "for (var ky = 0u; ky < params.kernel_height; ky++) {",
    run: ["0u", run],
    longRuns: g.kernelWidth * g.inputs >= LONG_RUN,
    loops: () => [[g.kernelHeight], g.kernelWidth * g.inputs],
    alignedColumns: isAligned(g.outputs),
    rowExists: (row) => `${row} < params.rows`,
  };
  return { problem, ...sum };
}

/**
 * The gradient of a convolution with respect to its input, which is also the transposed convolution. For a stride of
 * s the pixels fall into s*s phases, and within one every pixel sees the same taps of the kernel: each phase is a
 * dense sum, and no zeros are multiplied. All phases run in one launch; `phase` tells them apart.
 *
 * Rows are pixels of one phase, columns input channels, the depth runs over output channels.
 */
export function inputGradientSum(g: ConvolutionGeometry, operands: Operands): Sum {
  const { stride } = g;
  const { sum, uniforms } = convolutionSizes(g, {
    rows: g.images * Math.ceil(g.height / stride) * Math.ceil(g.width / stride),
    columns: g.inputs,
    depth: g.outputs * Math.ceil(g.kernelHeight / stride) * Math.ceil(g.kernelWidth / stride),
  });
  const aligned = isAligned(g.outputs);
  const [left, right] = [plainMemory(operands.a, aligned), operandMemory(operands.b, aligned)];
  const [loadA, loadB] = [left.memory.load, right.memory.load];
  const a: DepthRuns = {
    along: "depth",
    ...left,
    row: (r, row) =>
      `let a_image${r} = (${row}) / (phase_height * phase_width);
  let a_rest${r} = (${row}) % (phase_height * phase_width);
  let a_bottom${r} = i32(a_rest${r} / phase_width + first_y);
  let a_right${r} = i32(a_rest${r} % phase_width + first_x);`,
    line: (r) =>
      `let a_y${r} = u32(a_bottom${r} - i32(ty));
    let a_x${r} = u32(a_right${r} - i32(tx));
    let a_inside${r} = a_y${r} < params.out_height && a_x${r} < params.out_width;
    let a_line${r} = ((a_image${r} * params.out_height + a_y${r}) * params.out_width + a_x${r}) * params.outputs;`,
    load: (r, j) => {
      if (aligned) return `select(vec4f(), ${loadA(`a[(a_line${r} + ${j}) >> 2u]`)}, a_inside${r})`;
      const element = (i: number) =>
        `select(0.0, ${
          loadA(`a[a_line${r} + ${j} + ${i}u]`)
        }, a_inside${r} && ${j} + ${i}u < params.outputs)`;
      return `vec4f(${[0, 1, 2, 3].map(element).join(", ")})`;
    },
  };
  const b: WeightRuns = {
    along: "depth",
    ...right,
    load: (j, column) => {
      const at = `((tap * params.inputs + ${column}) * params.outputs + ${j})`;
      if (aligned) return loadB(`b[${at} >> 2u]`);
      const element = (i: number) =>
        `select(0.0, ${loadB(`b[${at} + ${i}u]`)}, ${j} + ${i}u < params.outputs)`;
      return `vec4f(${[0, 1, 2, 3].map(element).join(", ")})`;
    },
    single: (j, column) => {
      const at = `((tap * params.inputs + ${column}) * params.outputs + ${j})`;
      return aligned
        ? `${loadB(`b[${at} >> 2u]`)}[${at} & 3u]`
        : `select(0.0, ${loadB(`b[${at}]`)}, ${j} < params.outputs)`;
    },
  };
  const problem: Problem = {
    label: "conv2d input gradient",
    terms: inputGradientTerms(g),
    uniforms,
    declarations: `
fn row_in_picture(row: u32, phase_y: u32, phase_x: u32, phase_height: u32, phase_width: u32) -> u32 {
  let rest = row % (phase_height * phase_width);
  let y = rest / phase_width * params.stride + phase_y;
  let x = rest % phase_width * params.stride + phase_x;
  return (row / (phase_height * phase_width) * params.height + y) * params.width + x;
}`,
    a,
    b,
    // A pixel y of phase phase_y = y % s sees the taps ky = tap_y + s*t, and meets output row (y + p - ky) / s.
    before: `let phase_y = phase / params.stride;
  let phase_x = phase % params.stride;
  let phase_height = (params.height - phase_y + params.stride - 1u) / params.stride;
  let phase_width = (params.width - phase_x + params.stride - 1u) / params.stride;
  let tap_y = (phase_y + params.padding) % params.stride;
  let tap_x = (phase_x + params.padding) % params.stride;
  let first_y = (phase_y + params.padding) / params.stride;
  let first_x = (phase_x + params.padding) / params.stride;
  let taps_y = (max(params.kernel_height, tap_y) - tap_y + params.stride - 1u) / params.stride;
  let taps_x = (max(params.kernel_width, tap_x) - tap_x + params.stride - 1u) / params.stride;`,
    open: `for (var ty = 0u; ty < taps_y; ty++) { for (var tx = 0u; tx < taps_x; tx++) {
    let tap = (tap_y + ty * params.stride) * params.kernel_width + tap_x + tx * params.stride;`,
    run: ["0u", "params.outputs"],
    longRuns: g.outputs >= LONG_RUN,
    loops: () => [[Math.ceil(g.kernelHeight / stride), Math.ceil(g.kernelWidth / stride)], g.outputs],
    alignedColumns: isAligned(g.inputs),
    outputRow: (row) => `row_in_picture(${row}, phase_y, phase_x, phase_height, phase_width)`,
    rowExists: (row) => `${row} < params.images * phase_height * phase_width`,
  };
  return {
    problem,
    ...sum,
    phases: stride * stride,
    unevenPhases: g.height % stride !== 0 || g.width % stride !== 0,
    products: outputPixels(g) * windowSize(g) * g.outputs,
  };
}

/**
 * The gradient of a convolution with respect to its weights: rows are `(ky, kx, ci)`, columns output channels, the
 * depth runs over all output pixels of the batch.
 */
export function weightGradientSum(g: ConvolutionGeometry, operands: Operands): Sum {
  const { sum, uniforms } = convolutionSizes(g, {
    rows: windowSize(g),
    columns: g.outputs,
    depth: outputPixels(g),
  });
  const run = "params.kernel_width * params.inputs";
  const limit = "params.width * params.inputs";
  const aligned = isAligned(g.inputs);
  const [left, right] = [operandMemory(operands.a, aligned), operandMemory(operands.b, isAligned(g.outputs))];
  const decode = isPower(g.outHeight) && isPower(g.outWidth)
    ? (depth: string) =>
      [
        `${depth} >> params.shift_image`,
        `(${depth} >> params.shift_width) & (params.out_height - 1u)`,
        `${depth} & (params.out_width - 1u)`,
      ] as const
    : (depth: string) =>
      [
        `${depth} / (params.out_height * params.out_width)`,
        `${depth} / params.out_width % params.out_height`,
        `${depth} % params.out_width`,
      ] as const;
  const a: RowRuns = {
    along: "rows",
    ...left,
    quad: (q, row) =>
      `let a_row${q} = ${row};
  let a_ky${q} = i32(a_row${q} / (${run}));
  let a_flat${q} = i32(a_row${q} % (${run}));`,
    depth: (name, depth) => {
      const [image, y, x] = decode(depth);
      return `let a_image${name} = (${image}) * params.height;
    let a_top${name} = i32((${y}) * params.stride) - i32(params.padding);
    let a_left${name} = (i32((${x}) * params.stride) - i32(params.padding)) * i32(params.inputs);
    let a_rows${name} = select(0u, params.height, ${depth} < end);`;
    },
    load: (q, name) =>
      `load_a(a_row${q}, a_ky${q}, a_flat${q}, a_image${name}, a_top${name}, a_left${name}, a_rows${name})`,
  };
  const single = `fn single_a(ky: i32, flat: i32, image: u32, top: i32, left: i32, rows: u32) -> f32 {
  let y = u32(top + ky);
  let at = u32(left + flat);
  return select(0.0, ${left.memory.load(`a[(image + y) * ${limit} + at]`)}, y < rows && at < ${limit});
}`;
  const element = (i: number) =>
    isAligned(g.kernelWidth * g.inputs)
      ? `single_a(ky, flat + ${i}, image, top, left, rows)`
      : `single_a(i32((row + ${i}u) / (${run})), i32((row + ${i}u) % (${run})), image, top, left, rows)`;
  const load = aligned
    ? `let y = u32(top + ky);
  let at = u32(left + flat);
  return select(vec4f(), ${
      left.memory.load(`a[((image + y) * ${limit} + at) >> 2u]`)
    }, y < rows && at < ${limit});`
    : `return vec4f(${[0, 1, 2, 3].map(element).join(", ")});`;
  const b: ColumnRuns = {
    along: "columns",
    ...right,
    load: (j, quad) => {
      const at = `((${j}) * params.outputs + ${quad} * 4u)`;
      const value = columns(at, g, right.memory);
      return `select(vec4f(), ${value}, ${j} < end)`;
    },
  };
  const problem: Problem = {
    label: "conv2d weight gradient",
    terms: weightGradientTerms(g),
    uniforms,
    declarations: `${aligned ? "" : single}
fn load_a(row: u32, ky: i32, flat: i32, image: u32, top: i32, left: i32, rows: u32) -> vec4f {
  ${load}
}`,
    a,
    b,
    before: "",
    open: "",
    run: [
      "split * params.part",
      "min(split * params.part + params.part, params.images * params.out_height * params.out_width)",
    ],
    loops: (part) => [[], part],
    alignedColumns: isAligned(g.outputs),
    rowExists: (row) => `${row} < params.rows`,
  };
  return { problem, ...sum, splittable: true };
}

/** Four output channels of the right operand from an element on. */
function columns(at: string, { outputs }: ConvolutionGeometry, { load }: FloatMemory): string {
  if (isAligned(outputs)) return load(`b[${at} >> 2u]`);
  return `vec4f(${[0, 1, 2, 3].map((i) => load(`b[${at} + ${i}u]`)).join(", ")})`;
}

function isPower(n: number): boolean {
  return (n & (n - 1)) === 0;
}

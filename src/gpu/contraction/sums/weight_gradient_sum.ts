import { convolutionSizes } from "./convolution_sizes.ts";
import type { Sum } from "./contraction.ts";
import { fourOutputs } from "./convolution_operands.ts";
import { type ConvolutionGeometry, outputPixels, windowSize } from "./geometry.ts";
import {
  type ColumnRuns,
  isAligned,
  operandMemory,
  type Operands,
  partOf,
  placesInRows,
  type Problem,
  type RowRuns,
} from "./problem.ts";
import { weightGradientTerms } from "./reference.ts";
import { readSteps } from "./steps.ts";

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
  const { stride, padding, dilation } = readSteps(g);
  const windowRow = (row: string) =>
    dilation ? `i32((${row}) / (${run}) * ${dilation.y})` : `i32(${row} / (${run}))`;
  const inRow = (row: string) => dilation ? `i32(spread((${row}) % (${run})))` : `i32(${row} % (${run}))`;
  const aligned = isAligned(g.inputs);
  const [left, right] = [
    operandMemory("a", operands.a, aligned),
    operandMemory("b", operands.b, isAligned(g.outputs)),
  ];
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
  let a_ky${q} = ${windowRow(`a_row${q}`)};
  let a_flat${q} = ${inRow(`a_row${q}`)};`,
    depth: (name, depth, whole) => {
      const [image, y, x] = decode(depth);
      return `let a_image${name} = (${image}) * params.height;
    let a_top${name} = i32((${y}) * ${stride.y}) - i32(${padding.y});
    let a_left${name} = (i32((${x}) * ${stride.x}) - i32(${padding.x})) * i32(params.inputs);
    let a_rows${name} = ${whole ? "params.height" : `select(0u, params.height, ${depth} < end)`};`;
    },
    load: (q, name) =>
      `load_a(a_row${q}, a_ky${q}, a_flat${q}, a_image${name}, a_top${name}, a_left${name}, a_rows${name})`,
  };
  const single = `fn single_a(ky: i32, flat: i32, image: u32, top: i32, left: i32, rows: u32) -> f32 {
  let y = u32(top + ky);
  let at = u32(left + flat);
  return select(0.0, ${left.memory.load(`(image + y) * ${limit} + at`)}, y < rows && at < ${limit});
}`;
  const element = (i: number) =>
    isAligned(g.kernelWidth * g.inputs) && !dilation
      ? `single_a(ky, flat + ${i}, image, top, left, rows)`
      : `single_a(${windowRow(`(row + ${i}u)`)}, ${inRow(`(row + ${i}u)`)}, image, top, left, rows)`;
  const spread = dilation
    ? `fn spread(at: u32) -> u32 {
  return at / params.inputs * ${dilation.x} * params.inputs + at % params.inputs;
}
`
    : "";
  const load = aligned
    ? `let y = u32(top + ky);
  let at = u32(left + flat);
  return select(vec4f(), ${
      left.memory.load(`((image + y) * ${limit} + at) >> 2u`)
    }, y < rows && at < ${limit});`
    : `return vec4f(${[0, 1, 2, 3].map(element).join(", ")});`;
  const b: ColumnRuns = {
    along: "columns",
    ...right,
    load: (j, quad) => {
      const at = `((${j}) * params.outputs + ${quad} * 4u)`;
      const value = fourOutputs(at, g, right.memory);
      return `select(vec4f(), ${value}, ${j} < end)`;
    },
    ...placesInRows((j) => j, "params.outputs", right),
  };
  const problem: Problem = {
    label: "conv2d weight gradient",
    terms: weightGradientTerms(g),
    uniforms,
    declarations: `${spread}${aligned ? "" : single}
fn load_a(row: u32, ky: i32, flat: i32, image: u32, top: i32, left: i32, rows: u32) -> vec4f {
  ${load}
}`,
    a,
    b,
    before: "",
    open: "",
    length: outputPixels(g),
    run: partOf("params.images * params.out_height * params.out_width"),
    loops: (part) => [[], part],
    alignedColumns: isAligned(g.outputs),
    rowExists: (row) => `${row} < params.rows`,
  };
  return { problem, ...sum, direction: "weight gradient", splittable: true };
}

function isPower(n: number): boolean {
  return (n & (n - 1)) === 0;
}

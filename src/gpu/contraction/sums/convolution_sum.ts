import type { FloatReader } from "../../kernel/images/float_reader.ts";
import { convolutionSizes } from "./convolution_sizes.ts";
import type { Sum } from "./contraction.ts";
import { fourOutputs, LONG_RUN } from "./convolution_operands.ts";
import { type ConvolutionGeometry, outputPixels, windowSize } from "./geometry.ts";
import {
  and,
  type ColumnRuns,
  type DepthRuns,
  isAligned,
  operandMemory,
  type Operands,
  partOf,
  placesInRows,
  plainMemory,
  type Problem,
  type RowsBeside,
} from "./problem.ts";
import { convolutionTerms } from "./reference.ts";
import { readSteps, type Steps } from "./steps.ts";

/** Reads one element of a padded image row of `params.width * params.inputs` elements. */
const pickDeclaration = ({ load }: FloatReader) =>
  `fn pick_a(line: u32, flat: i32, limit: u32) -> f32 {
  return select(0.0, ${load("line + u32(flat)")}, u32(flat) < limit);
}`;

/**
 * Convolution, `y[n, oy, ox, co] = Σ x[n, oy*s-p+ky, ox*s-p+kx, ci] w[ky, kx, ci, co]`: rows are output pixels,
 * columns output channels. In NHWC a row of the window, `(kx, ci)`, is contiguous in memory, so the depth is walked in
 * runs of that length, whatever the number of channels; an element lies outside the picture when its place in the
 * image row does. Taps of a dilated kernel lie apart, and each is a run of its own.
 */
export function convolutionSum(g: ConvolutionGeometry, operands: Operands): Sum {
  const { sum, uniforms } = convolutionSizes(g, {
    rows: outputPixels(g),
    columns: g.outputs,
    depth: windowSize(g),
  });
  const aligned = isAligned(g.inputs);
  const [left, right] = [
    plainMemory(operands.a, aligned),
    operandMemory("b", operands.b, isAligned(g.outputs)),
  ];
  const { stride, padding, dilation } = readSteps(g);
  const walk = dilation ? tapByTap(g, dilation) : rowByRow(g);
  const { run } = walk;
  const a: DepthRuns = {
    along: "depth",
    ...left,
    row: (r, row) =>
      `let a_pixel${r} = (${row}) % (params.out_height * params.out_width);
  let a_image${r} = (${row}) / (params.out_height * params.out_width);
  let a_top${r} = i32(a_pixel${r} / params.out_width * ${stride.y}) - i32(${padding.y});
  let a_left${r} = (i32(a_pixel${r} % params.out_width * ${stride.x}) - i32(${padding.x})) * i32(params.inputs);`,
    line: (r) =>
      `let a_y${r} = u32(a_top${r} + i32(${walk.down}));
    let a_line${r} = (a_image${r} * params.height + a_y${r}) * params.width * params.inputs;
    let a_limit${r} = select(0u, params.width * params.inputs, a_y${r} < params.height);`,
    load: (r, j, inside) => {
      const flat = `(a_left${r}${walk.across} + i32(${j}))`;
      if (aligned) {
        const value = left.memory.load(`(a_line${r} + u32${flat}) >> 2u`);
        return `select(vec4f(), ${value}, ${and(`u32${flat} < a_limit${r}`, inside)})`;
      }
      const element = (i: number) =>
        `pick_a(a_line${r}, ${flat} + ${i}, select(0u, a_limit${r}, ${
          and(`${j} + ${i}u < ${run}`, inside)
        }))`;
      return `vec4f(${[0, 1, 2, 3].map(element).join(", ")})`;
    },
    ...(isAligned(g.outWidth) ? { beside: pixelsBeside(stride) } : {}),
  };
  const b: ColumnRuns = {
    along: "columns",
    ...right,
    load: (j, quad) => {
      const at = `((${walk.tap} * ${run} + ${j}) * params.outputs + ${quad} * 4u)`;
      const value = fourOutputs(at, g, right.memory);
      return isAligned(walk.length) ? value : `select(vec4f(), ${value}, ${j} < ${run})`;
    },
    ...placesInRows((j) => `(${walk.tap} * ${run} + ${j})`, "params.outputs", right),
  };
  const problem: Problem = {
    label: "conv2d",
    terms: convolutionTerms(g),
    uniforms,
    declarations: aligned ? "" : pickDeclaration(left.memory),
    a,
    b,
    before: "",
    open: walk.open,
    length: walk.length,
    run: ["0u", run],
    partOfRun: partOf(run),
    longRuns: walk.length >= LONG_RUN,
    loops: (part) => [walk.around, Math.min(part, walk.length)],
    alignedColumns: isAligned(g.outputs),
    rowExists: (row) => `${row} < params.rows`,
  };
  return { problem, ...sum, direction: "forward", splittable: true, samples: g.images };
}

/** Four output pixels of one line: their windows lie a stride apart, and see the same line of the input. */
function pixelsBeside(stride: Steps): RowsBeside {
  return {
    row: (r, first, apart) =>
      `let a_left${r} = a_left${first} + ${apart} * i32(${stride.x} * params.inputs);`,
    line: (r, first) => `let a_line${r} = a_line${first}; let a_limit${r} = a_limit${first};`,
  };
}

/** How the depth is walked: loops around runs of neighbors in memory. */
interface Walk {
  /** Opening lines of the loops around a run. */
  readonly open: string;
  /** How often they go round, from the outermost in. */
  readonly around: readonly number[];
  /** Length of a run, as a WGSL expression. */
  readonly run: string;
  /** The same as a number. */
  readonly length: number;
  /** Number of the run among those of the window, as a WGSL expression. */
  readonly tap: string;
  /** Rows of the input between the window's first and that of the run, as a WGSL expression. */
  readonly down: string;
  /** What is added to the place in a row of the input, with its sign. */
  readonly across: string;
}

/** A row of the window is a run. */
function rowByRow(g: ConvolutionGeometry): Walk {
  return {
    open: "for (var ky = 0u; ky < params.kernel_height; ky++) {",
    around: [g.kernelHeight],
    run: "params.kernel_width * params.inputs",
    length: g.kernelWidth * g.inputs,
    tap: "ky",
    down: "ky",
    across: "",
  };
}

/** The channels of one pixel are a run. */
function tapByTap(g: ConvolutionGeometry, dilation: Steps): Walk {
  return {
    open:
      "for (var ky = 0u; ky < params.kernel_height; ky++) { for (var kx = 0u; kx < params.kernel_width; kx++) {",
    around: [g.kernelHeight, g.kernelWidth],
    run: "params.inputs",
    length: g.inputs,
    tap: "(ky * params.kernel_width + kx)",
    down: `(ky * ${dilation.y})`,
    across: ` + i32(kx * ${dilation.x} * params.inputs)`,
  };
}

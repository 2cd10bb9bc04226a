import { convolutionSizes } from "./convolution_sizes.ts";
import type { Sum } from "./contraction.ts";
import { LONG_RUN } from "./convolution_operands.ts";
import { type ConvolutionGeometry, directions, outputPixels, windowSize } from "./geometry.ts";
import {
  and,
  type DepthRuns,
  isAligned,
  operandMemory,
  type Operands,
  partOf,
  plainMemory,
  type Problem,
  type RowsBeside,
  type WeightRuns,
} from "./problem.ts";
import { inputGradientTerms } from "./reference.ts";
import { mostTaps, readSteps, type Steps } from "./steps.ts";

/**
 * The gradient of a convolution with respect to its input, which is also the transposed convolution. For a stride of
 * s the pixels fall into s*s phases, and within one every pixel sees the same taps of the kernel: each phase is a
 * dense sum, and no zeros are multiplied. All phases run in one launch; `phase` tells them apart.
 *
 * Rows are pixels of one phase, columns input channels, the depth runs over output channels.
 */
export function inputGradientSum(g: ConvolutionGeometry, operands: Operands): Sum {
  const { stride, padding, dilation } = readSteps(g);
  const [down, across] = directions(g.stride);
  const [tapsDown, tapsAcross] = mostTaps(g);
  const { sum, uniforms } = convolutionSizes(g, {
    rows: g.images * Math.ceil(g.height / down) * Math.ceil(g.width / across),
    columns: g.inputs,
    depth: g.outputs * tapsDown * tapsAcross,
  });
  const walk = dilation ? dilatedTaps(stride, padding, dilation) : denseTaps(stride, padding);
  const aligned = isAligned(g.outputs);
  // Lines of every phase are multiples of four
  const inFours = g.width % (4 * across) === 0;
  const [left, right] = [plainMemory(operands.a, aligned), operandMemory("b", operands.b, aligned)];
  const [loadA, loadB] = [left.memory.load, right.memory.load];
  const a: DepthRuns = {
    along: "depth",
    ...left,
    row: (r, row) =>
      `let a_image${r} = (${row}) / (phase_height * phase_width);
  let a_rest${r} = (${row}) % (phase_height * phase_width);
  let a_bottom${r} = ${walk.start(`a_rest${r} / phase_width`, "first_y")};
  let a_right${r} = ${walk.start(`a_rest${r} % phase_width`, "first_x")};`,
    line: (r) =>
      `let a_y${r} = u32(a_bottom${r} - i32(${walk.back("ty", "y")}));
    let a_x${r} = u32(a_right${r} - i32(${walk.back("tx", "x")}));
    let a_inside${r} = a_y${r} < params.out_height && a_x${r} < params.out_width;
    let a_line${r} = ((a_image${r} * params.out_height + a_y${r}) * params.out_width + a_x${r}) * params.outputs;`,
    load: (r, j, inside) => {
      const there = and(`a_inside${r}`, inside);
      if (aligned) return `select(vec4f(), ${loadA(`(a_line${r} + ${j}) >> 2u`)}, ${there})`;
      const element = (i: number) =>
        `select(0.0, ${loadA(`a_line${r} + ${j} + ${i}u`)}, ${there} && ${j} + ${i}u < params.outputs)`;
      return `vec4f(${[0, 1, 2, 3].map(element).join(", ")})`;
    },
    ...(inFours ? { beside: PIXELS_BESIDE } : {}),
  };
  const b: WeightRuns = {
    along: "depth",
    ...right,
    load: (j, column) => {
      const at = `((tap * params.inputs + ${column}) * params.outputs + ${j})`;
      if (aligned) return loadB(`${at} >> 2u`);
      const element = (i: number) => `select(0.0, ${loadB(`${at} + ${i}u`)}, ${j} + ${i}u < params.outputs)`;
      return `vec4f(${[0, 1, 2, 3].map(element).join(", ")})`;
    },
    single: (j, column) => {
      const at = `((tap * params.inputs + ${column}) * params.outputs + ${j})`;
      return aligned
        ? `${loadB(`${at} >> 2u`)}[${at} & 3u]`
        : `select(0.0, ${loadB(at)}, ${j} < params.outputs)`;
    },
  };
  const problem: Problem = {
    label: "conv2d input gradient",
    terms: inputGradientTerms(g),
    uniforms,
    declarations: `
fn row_in_picture(row: u32, phase_y: u32, phase_x: u32, phase_height: u32, phase_width: u32) -> u32 {
  let rest = row % (phase_height * phase_width);
  let y = rest / phase_width * ${stride.y} + phase_y;
  let x = rest % phase_width * ${stride.x} + phase_x;
  return (row / (phase_height * phase_width) * params.height + y) * params.width + x;
}`,
    a,
    b,
    before: `let phase_y = phase / ${stride.x};
  let phase_x = phase % ${stride.x};
  let phase_height = (params.height - phase_y + ${stride.y} - 1u) / ${stride.y};
  let phase_width = (params.width - phase_x + ${stride.x} - 1u) / ${stride.x};
  ${walk.taps}`,
    open: `for (var ty = 0u; ty < taps_y; ty++) { for (var tx = 0u; tx < taps_x; tx++) {
    let tap = (tap_y + ty * ${walk.step.y}) * params.kernel_width + tap_x + tx * ${walk.step.x};`,
    length: g.outputs,
    run: ["0u", "params.outputs"],
    partOfRun: partOf("params.outputs"),
    longRuns: g.outputs >= LONG_RUN,
    loops: (part) => [[tapsDown, tapsAcross], Math.min(part, g.outputs)],
    alignedColumns: isAligned(g.inputs),
    outputRow: (row) => `row_in_picture(${row}, phase_y, phase_x, phase_height, phase_width)`,
    ...(inFours ? { outputStep: stride.x } : {}),
    outputRows: "params.images * params.height * params.width",
    rowExists: (row) => `${row} < params.images * phase_height * phase_width`,
  };
  return {
    problem,
    ...sum,
    direction: "input gradient",
    splittable: true,
    samples: g.images,
    phases: down * across,
    unevenPhases: g.height % down !== 0 || g.width % across !== 0,
    products: outputPixels(g) * windowSize(g) * g.outputs,
  };
}

/** Four pixels of one line of a phase: they meet neighboring pixels of the output. */
const PIXELS_BESIDE: RowsBeside = {
  row: () => "",
  line: (r, first, apart) =>
    `let a_inside${r} = a_y${first} < params.out_height && a_x${first} + ${apart}u < params.out_width;
    let a_line${r} = a_line${first} + ${apart}u * params.outputs;`,
};

/** How a pixel of a phase walks through the taps that it sees. */
interface TapWalk {
  /** Statements that find the first tap, how many there are, and where the first output pixel is, relative to `start`. */
  readonly taps: string;
  /** From one tap to the next. */
  readonly step: Steps;
  /** The output row or column of the first tap, for a pixel's number in its phase. */
  readonly start: (pixel: string, first: string) => string;
  /** How far back from there the output row or column of a tap is. */
  readonly back: (tap: string, direction: keyof Steps) => string;
}

/** A pixel y of phase phase_y = y % s sees the taps ky = tap_y + s*t, and meets output row (y + p - ky) / s. */
function denseTaps(stride: Steps, padding: Steps): TapWalk {
  return {
    taps: `let tap_y = (phase_y + ${padding.y}) % ${stride.y};
  let tap_x = (phase_x + ${padding.x}) % ${stride.x};
  let first_y = (phase_y + ${padding.y}) / ${stride.y};
  let first_x = (phase_x + ${padding.x}) / ${stride.x};
  let taps_y = (max(params.kernel_height, tap_y) - tap_y + ${stride.y} - 1u) / ${stride.y};
  let taps_x = (max(params.kernel_width, tap_x) - tap_x + ${stride.x} - 1u) / ${stride.x};`,
    step: stride,
    start: (pixel, first) => `i32(${pixel} + ${first})`,
    back: (tap) => tap,
  };
}

/**
 * With a dilation d, a pixel sees the taps whose d*ky has the rest of y + p by s. They are s / gcd(s, d) apart, and their
 * output rows d / gcd(s, d). The first is the rest of (y + p) / gcd(s, d) times the inverse of d / gcd(s, d); if the gcd
 * does not divide y + p, there is none.
 */
function dilatedTaps(stride: Steps, padding: Steps, dilation: Steps): TapWalk {
  const along = (direction: keyof Steps, extent: string) => {
    const [name, step] = [`_${direction}`, `params.tap_step_${direction}`];
    return `let reach${name} = phase${name} + ${padding[direction]};
  let tap${name} = reach${name} / params.shared${name} * params.inverse${name} % ${step};
  let first${name} = (i32(reach${name}) - i32(tap${name} * ${dilation[direction]})) / i32(${
      stride[direction]
    });
  let taps${name} = select(0u, (max(${extent}, tap${name}) - tap${name} + ${step} - 1u) / ${step}, reach${name} % params.shared${name} == 0u);`;
  };
  return {
    taps: `${along("y", "params.kernel_height")}
  ${along("x", "params.kernel_width")}`,
    step: { y: "params.tap_step_y", x: "params.tap_step_x" },
    start: (pixel, first) => `i32(${pixel}) + ${first}`,
    back: (tap, direction) => `${tap} * params.back_step_${direction}`,
  };
}

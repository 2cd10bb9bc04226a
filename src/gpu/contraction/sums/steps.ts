import { each, u32, type Uniform } from "../../kernel/run_kernel.ts";
import { type ConvolutionGeometry, directions, type PerDirection, stepsOf } from "./geometry.ts";

/** WGSL expressions of a number for each direction. */
export interface Steps {
  /** Downwards. */
  readonly y: string;
  /** To the right. */
  readonly x: string;
}

/** How kernels read the steps of a convolution. */
export interface ConvolutionSteps {
  /** From one window to the next. */
  readonly stride: Steps;
  /** Zeros above, and to the left. */
  readonly padding: Steps;
  /** From one tap of the kernel to the next; absent if that is 1 in both directions. */
  readonly dilation?: Steps;
}

/** Expressions of the uniforms of {@linkcode stepUniforms}. */
export function readSteps(g: ConvolutionGeometry): ConvolutionSteps {
  const stride = expressions("stride", g.stride);
  const padding = expressions("padding", g.padding);
  return isDilated(g)
    ? { stride, padding, dilation: expressions("dilation", g.dilation!) }
    : { stride, padding };
}

/** Whether the taps of the kernel lie apart. */
export function isDilated({ dilation = 1 }: ConvolutionGeometry): boolean {
  return directions(dilation).some((step) => step !== 1);
}

/**
 * The steps of a convolution as uniforms. What is the same in both directions is one of them, so that square convolutions
 * have kernels of their own, with fewer.
 */
export function stepUniforms(g: ConvolutionGeometry): Record<string, Uniform> {
  const { stride, padding, dilation = 1 } = g;
  return each(u32, {
    ...values("stride", stride),
    ...values("padding", padding),
    ...(isDilated(g) ? { ...values("dilation", dilation), ...meetings(g) } : {}),
  });
}

/** The most taps of a kernel that a pixel of the input sees, downwards and to the right. */
export function mostTaps(g: ConvolutionGeometry): readonly [down: number, across: number] {
  const [down, across] = tapSteps(g);
  return [Math.ceil(g.kernelHeight / down), Math.ceil(g.kernelWidth / across)];
}

/** From one tap that a pixel of the input sees to the next. */
function tapSteps(g: ConvolutionGeometry): readonly [number, number] {
  const { stride: [sy, sx], dilation: [dy, dx] } = stepsOf(g);
  return [sy / commonDivisor(sy, dy), sx / commonDivisor(sx, dx)];
}

/** How pixels of the input meet the taps of a dilated kernel; the input gradient explains it. */
function meetings(g: ConvolutionGeometry): Record<string, number> {
  const along = (direction: string, step: number, apart: number) => {
    const shared = commonDivisor(step, apart);
    return {
      [`shared_${direction}`]: shared,
      [`tap_step_${direction}`]: step / shared,
      [`back_step_${direction}`]: apart / shared,
      [`inverse_${direction}`]: inverse(apart / shared, step / shared),
    };
  };
  const { stride: [sy, sx], dilation: [dy, dx] } = stepsOf(g);
  return { ...along("y", sy, dy), ...along("x", sx, dx) };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** What `a`, which has no divisor in common with `modulus`, is to be multiplied with for a rest of 1. */
function inverse(a: number, modulus: number): number {
  for (let factor = 0; factor < modulus; factor++) {
    if (a * factor % modulus === 1 % modulus) return factor;
  }
  throw new RangeError(`${a} has no inverse modulo ${modulus}`);
}

function values(name: string, setting: PerDirection): Record<string, number> {
  const [y, x] = directions(setting);
  return y === x ? { [name]: y } : { [`${name}_y`]: y, [`${name}_x`]: x };
}

function expressions(name: string, setting: PerDirection): Steps {
  const [y, x] = directions(setting);
  return y === x
    ? { y: `params.${name}`, x: `params.${name}` }
    : { y: `params.${name}_y`, x: `params.${name}_x` };
}

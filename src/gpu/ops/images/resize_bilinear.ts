import { derive } from "../../autograd/origin.ts";
import { floatTypeOf } from "../../kernel/float_memory.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { each, i32 } from "../../kernel/run_kernel.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { alongAxis, type AxisKernel } from "./along_axis.ts";
import { checkWhole, imageShape } from "./image_shape.ts";

/**
 * Images of another size, `[batch, height, width, channels]` as `[batch, newHeight, newWidth, channels]`: each pixel is the
 * weighted mean of the four nearest ones, as
 * `torch.nn.functional.interpolate(x, size, mode="bilinear", align_corners=False)`. For row `i`,
 * `s = max(0, (i + 0.5) * height / newHeight - 0.5)`, and the rows `floor(s)` and `floor(s) + 1` count by their distance to
 * `s`; columns likewise. Images that get smaller are not smoothed: use `avgPool2d()` for that.
 *
 * @param size `[newHeight, newWidth]`.
 * @throws {RangeError} if `x` has not four axes, or a size is not a whole number of at least 1, or
 * both lengths of an axis are too large for 32 bits together.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, resizeBilinear } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([0, 4], { shape: [1, 1, 2, 1] });
 * assertEquals([...await resizeBilinear(x, [1, 4]).data()], [0, 1, 3, 4]);
 * ```
 */
export function resizeBilinear(x: Tensor, size: readonly [height: number, width: number]): Tensor {
  const { batch, height, width, channels } = imageShape("resizeBilinear", x);
  const [rows, columns] = size;
  checkWhole("resizeBilinear", "height", rows, 1);
  checkWhole("resizeBilinear", "width", columns, 1);
  for (const [from, to] of [[height, rows], [width, columns]] as const) {
    if (from * to < MOST_PLACES) continue;
    throw new RangeError(
      `resizeBilinear() needs an old and a new length whose product is below ${MOST_PLACES}, found ${from} and ${to}`,
    );
  }
  const down = { outer: batch, from: height, to: rows, inner: width * channels };
  const across = { outer: batch * rows, from: width, to: columns, inner: channels };
  using lines = resizeAxis(x, down, "f32");
  using resized = resizeAxis(lines, across, x.dtype);
  const output = resized.reshape([batch, rows, columns, channels]);
  return derive(output, [x], (gradient) => {
    using flowing = resizeAxisGradient(gradient, across, "f32");
    using result = resizeAxisGradient(flowing, down, floatTypeOf(x));
    return [result.reshape(x.shape).detach()];
  });
}

/** Kernels compute with twice the product of both lengths as integers of 32 bits. */
const MOST_PLACES = 2 ** 30;

/** An axis whose length changes: the middle one of `[outer, from, inner]`. */
interface ResizedAxis {
  readonly outer: number;
  readonly from: number;
  readonly to: number;
  readonly inner: number;
}

/**
 * The two numbers that place `i` is between, and the share of the second, by whole numbers: `s` is
 * `((2 i + 1) * from - to) / (2 * to)`.
 */
const BETWEEN = `struct Between { first: i32, second: i32, share: f32 }
fn between(i: i32) -> Between {
  let s = max(0, (2 * i + 1) * params.from_length - params.to_length);
  let first = s / (2 * params.to_length);
  return Between(first, min(first + 1, params.from_length - 1), f32(s % (2 * params.to_length)) / f32(2 * params.to_length));
}`;

function resizeAxis(x: Tensor, axis: ResizedAxis, dtype: DType): Tensor {
  return alongAxis(x, {
    ...described(axis, dtype),
    label: "resize lines",
    places: axis.to,
    iterations: 0,
    statements: (load) =>
      `  let near = between(place);
  let result = mix(${load("near.first")}, ${load("near.second")}, near.share);`,
  });
}

/** Adds up, for each number, its shares of the places that it is next to. */
function resizeAxisGradient(gradient: Tensor, axis: ResizedAxis, dtype: DType): Tensor {
  return alongAxis(gradient, {
    ...described(axis, dtype),
    label: "resize lines gradient",
    places: axis.from,
    iterations: loopIterations(Math.ceil(2 * axis.to / axis.from) + 3),
    // Places whose s is within 1 of the number, by the formula of s, rounded outwards
    statements: (load) =>
      `  let from_start = ((2 * place - 1) * params.to_length - params.from_length) / (2 * params.from_length) - 1;
  let to_end = ((2 * place + 3) * params.to_length - params.from_length) / (2 * params.from_length) + 1;
  var result = 0.0;
  for (var i = max(from_start, 0); i <= min(to_end, params.to_length - 1); i++) {
    let near = between(i);
    let share = select(0.0, 1.0 - near.share, near.first == place) + select(0.0, near.share, near.second == place);
    if (share > 0.0) { result += share * ${load("i")}; }
  }`,
  });
}

function described(
  { outer, from, to, inner }: ResizedAxis,
  dtype: DType,
): Pick<AxisKernel, "outer" | "inner" | "dtype" | "uniforms" | "declarations"> {
  return {
    outer,
    inner,
    dtype,
    uniforms: each(i32, { from_length: from, to_length: to }),
    declarations: BETWEEN,
  };
}

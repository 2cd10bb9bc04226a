import { expectKnownOptions } from "../../tensor/known_options.ts";
import type { FloatMemory, FloatWidth } from "../../kernel/float_memory.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, i32, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";
import { type ImageShape, imageShape, pixelElements } from "./image_shape.ts";
import { type MeansAxis, windowMeans, windowMeansGradient } from "./window_means.ts";
import { layWindows, windowAxes, type WindowOptions, type Windows } from "./windows.ts";

/** Options of {@linkcode avgPool2d}. Padding is zeros. */
export interface AvgPool2dOptions extends WindowOptions {
  /**
   * Divide by all pixels of a window, padding included, rather than by those of the image.
   *
   * @default {true}
   */
  countIncludePad?: boolean;
}

/**
 * The mean of each window of `[batch, height, width, channels]`, as `torch.nn.functional.avg_pool2d`. A last row or
 * column that does not fill a window is dropped: the result has `floor((height + 2 padding - kernel) / stride) + 1`
 * rows, and columns likewise.
 *
 * @throws {RangeError} if `x` has not four axes, an option is out of its range, or no window fits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { avgPool2d, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([1, 2, 3, 6], { shape: [1, 2, 2, 1] });
 * assertEquals([...await avgPool2d(x, { kernel: 2 }).data()], [3]);
 * ```
 */
export function avgPool2d(x: Tensor, options: AvgPool2dOptions): Tensor {
  expectKnownOptions("avgPool2d()", options, {
    kernel: true,
    stride: true,
    padding: true,
    countIncludePad: true,
  });
  const images = imageShape("avgPool2d", x);
  const windows = layWindows("avgPool2d", images, options);
  if (windows.size >= LARGE_WINDOW) return poolByAxes(x, images, windows, options.countIncludePad ?? true);
  const output = x.device.empty([images.batch, windows.rows, windows.columns, images.channels], x.dtype);
  const { type, depth } = pixelElements(images.channels);
  const launch = (
    label: string,
    source: Tensor,
    target: Tensor,
    bodyOf: (type: FloatWidth, from: FloatMemory, to: FloatMemory) => string,
    windowsAlong: (windows: Windows) => number,
  ) => {
    const [from, to] = [read(source, type), write(target, type)];
    const count = target.size / images.channels * depth;
    const along = windowsAlong(windows);
    runKernel(target.device, {
      label,
      buffers: { source: from, output: to },
      uniforms: {
        ...each(u32, { count, depth }),
        ...each(i32, { height: images.height, width: images.width, ...windows }),
      },
      declarations: divisorDeclaration(options.countIncludePad ?? true),
      iterations: loopIterations(along, loopIterations(along)),
      grid: linearGrid(count),
      body: bodyOf(type, from, to),
    });
  };
  launch("average pool", x, output, forwardBody, ({ size }) => size);
  return derive(output, [x], (gradient) => {
    const result = x.device.empty(x.shape, x.dtype);
    launch(
      "average pool gradient",
      gradient,
      result,
      gradientBody,
      ({ size, stride }) => Math.ceil(size / stride),
    );
    return [result];
  });
}

/** Side from which on a window has more pixels than one thread should add up, one after another. */
const LARGE_WINDOW = 16;

/** The same along one axis and then along the other: a pixel is read once for each side of a window, not for its area. */
function poolByAxes(x: Tensor, images: ImageShape, windows: Windows, countIncludePad: boolean): Tensor {
  const [down, across] = windowAxes(images, windows, "down").map((axis) => ({
    ...axis,
    countIncludePad,
  })) as [
    MeansAxis,
    MeansAxis,
  ];
  using lines = windowMeans(x, down, "f32");
  using means = windowMeans(lines, across, x.dtype);
  const output = means.reshape([images.batch, windows.rows, windows.columns, images.channels]);
  return derive(output, [x], (gradient) => {
    using flowing = windowMeansGradient(gradient, across, "f32");
    using result = windowMeansGradient(flowing, down, x.dtype);
    return [result.reshape(x.shape).detach()];
  });
}

/** Where a thread is among `rows` by `columns` places, and which channels it has. */
function place(rows: string, columns: string): string {
  return `  if (index >= params.count) { return; }
  let pixel = index / params.depth;
  let channel = index - pixel * params.depth;
  let line = i32(pixel) / params.${columns};
  let column = i32(pixel) - line * params.${columns};
  let image = line / params.${rows};
  let row = line - image * params.${rows};`;
}

function forwardBody(type: FloatWidth, from: FloatMemory, to: FloatMemory): string {
  return `${place("rows", "columns")}
  let top = row * params.stride - params.padding;
  let left = column * params.stride - params.padding;
  var sum = ${type}();
  for (var y = max(top, 0); y < min(top + params.size, params.height); y++) {
    for (var x = max(left, 0); x < min(left + params.size, params.width); x++) {
      sum += ${
    from.load("source[u32((image * params.height + y) * params.width + x) * params.depth + channel]")
  };
    }
  }
  output[index] = ${to.store("sum / pixels_in(top, left)")};`;
}

/** Adds up over the windows that a pixel is in: the first one starts less than a window before it. */
function gradientBody(type: FloatWidth, from: FloatMemory, to: FloatMemory): string {
  return `${place("height", "width")}
  let down = row + params.padding;
  let across = column + params.padding;
  let first_row = max(down - params.size + params.stride, 0) / params.stride;
  let first_column = max(across - params.size + params.stride, 0) / params.stride;
  var sum = ${type}();
  for (var y = first_row; y <= min(down / params.stride, params.rows - 1); y++) {
    for (var x = first_column; x <= min(across / params.stride, params.columns - 1); x++) {
      let flowing = ${
    from.load("source[u32((image * params.rows + y) * params.columns + x) * params.depth + channel]")
  };
      sum += flowing / pixels_in(y * params.stride - params.padding, x * params.stride - params.padding);
    }
  }
  output[index] = ${to.store("sum")};`;
}

function divisorDeclaration(includePadding: boolean): string {
  const body = includePadding
    ? "f32(params.size * params.size)"
    : `f32((min(top + params.size, params.height) - max(top, 0)) * (min(left + params.size, params.width) - max(left, 0)))`;
  return `fn pixels_in(top: i32, left: i32) -> f32 { return ${body}; }`;
}

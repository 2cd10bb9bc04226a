import { derive } from "../../autograd/origin.ts";
import { floatTypeOf } from "../../kernel/float_memory.ts";
import { expectKnownOptions } from "../../tensor/known_options.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { imageShape } from "./image_shape.ts";
import { windowMaxima, windowMaximaGradient } from "./window_maxima.ts";
import { layWindows, windowAxes, type WindowOptions } from "./windows.ts";

/** Options of {@linkcode maxPool2d}. Padding is less than any number. */
export type MaxPool2dOptions = WindowOptions;

/**
 * The largest number of each window of `[batch, height, width, channels]`, as `torch.nn.functional.max_pool2d`; NaN if a
 * window has one. A last row or column that does not fill a window is dropped: the result has
 * `floor((height + 2 padding - kernel) / stride) + 1` rows, and columns likewise. If several numbers of a window are the
 * largest, the gradient goes to the first of them, row by row.
 *
 * Windows are searched across and then down, so that a pixel is read once for each side of a window.
 *
 * @throws {RangeError} if `x` has not four axes, an option is out of its range, or no window fits.
 * @throws {TypeError} if there is no such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { maxPool2d, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([1, 2, 3, 6], { shape: [1, 2, 2, 1] });
 * assertEquals([...await maxPool2d(x, { kernel: 2 }).data()], [6]);
 * ```
 */
export function maxPool2d(x: Tensor, options: MaxPool2dOptions): Tensor {
  expectKnownOptions("maxPool2d()", options, { kernel: true, stride: true, padding: true });
  const images = imageShape("maxPool2d", x);
  const windows = layWindows("maxPool2d", images, options);
  // Across first: then the first of the largest rows has the first of the largest numbers
  const [across, down] = windowAxes(images, windows, "across");
  const lines = windowMaxima(x, across);
  const maxima = windowMaxima(lines.values, down);
  lines.values.dispose();
  const output = maxima.values.reshape([images.batch, windows.rows, windows.columns, images.channels]);
  maxima.values.dispose();
  return derive(output, [x], (gradient) => {
    using flowing = windowMaximaGradient(gradient, maxima.places, down, "f32");
    using result = windowMaximaGradient(flowing, lines.places, across, floatTypeOf(x));
    return [result.reshape(x.shape).detach()];
  }, [maxima.places, lines.places]);
}

import { formatShape } from "../../tensor/shape.ts";
import { checkWhole, type ImageShape } from "./image_shape.ts";

/** Windows of a pooling operation: squares. */
export interface WindowOptions {
  /** Side of a window, in pixels. */
  kernel: number;
  /**
   * Pixels from one window to the next.
   *
   * @default {kernel}
   */
  stride?: number;
  /**
   * Pixels around each image; half a window at most.
   *
   * @default {0}
   */
  padding?: number;
}

/** Windows on an image. */
export interface Windows {
  /** Windows downwards. */
  rows: number;
  /** Windows across. */
  columns: number;
  /** Side of one. */
  size: number;
  /** From one to the next. */
  stride: number;
  /** Pixels before the first of the image. */
  padding: number;
}

/** Windows along one axis: the middle one of `[outer, extent, inner]`. */
export interface WindowAxis {
  /** Whatever comes before the axis. */
  readonly outer: number;
  /** Numbers along it. */
  readonly extent: number;
  /** Whatever comes after it. */
  readonly inner: number;
  /** Windows along it. */
  readonly windows: number;
  /** Numbers of a window. */
  readonly size: number;
  /** From one window to the next. */
  readonly stride: number;
  /** Places before the first number, and after the last. */
  readonly padding: number;
}

/**
 * Lays windows over images. Those that do not fit at the bottom and on the right are dropped.
 *
 * @throws {RangeError} if an option is out of its range, or no window fits.
 */
export function layWindows(label: string, { height, width }: ImageShape, options: WindowOptions): Windows {
  const { kernel, stride = kernel, padding = 0 } = options;
  checkWhole(label, "kernel", kernel, 1);
  checkWhole(label, "stride", stride, 1);
  checkWhole(label, "padding", padding, 0);
  if (padding > kernel / 2) {
    throw new RangeError(
      `${label}() needs a padding of at most half the kernel, found ${padding} for a kernel of ${kernel}`,
    );
  }
  const along = (extent: number) => Math.floor((extent + 2 * padding - kernel) / stride) + 1;
  const [rows, columns] = [along(height), along(width)];
  if (rows < 1 || columns < 1) {
    throw new RangeError(
      `${label}() needs images of at least one window, found ${formatShape([height, width])} pixels ` +
        `with a padding of ${padding} for a kernel of ${kernel}`,
    );
  }
  return { rows, columns, size: kernel, stride, padding };
}

/** The same windows along one axis, and then along the other of what is left. */
export function windowAxes(
  { batch, height, width, channels }: ImageShape,
  { rows, columns, size, stride, padding }: Windows,
  first: "down" | "across",
): readonly [WindowAxis, WindowAxis] {
  const [down, across] = [{ extent: height, windows: rows }, { extent: width, windows: columns }];
  const windows = { size, stride, padding };
  return first === "down"
    ? [
      { ...down, ...windows, outer: batch, inner: width * channels },
      { ...across, ...windows, outer: batch * rows, inner: channels },
    ]
    : [
      { ...across, ...windows, outer: batch * height, inner: channels },
      { ...down, ...windows, outer: batch, inner: columns * channels },
    ];
}

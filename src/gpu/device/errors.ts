import type { AdapterFacts } from "./adapter.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";

/** No WebGPU adapter was found on this machine. The message names what to install. */
export class AdapterNotFoundError extends Error {
  /** Class name, for logs. */
  override readonly name = "AdapterNotFoundError";
}

/** The GPU rejected a command: a shader that does not compile, a binding that does not fit. */
export class GpuValidationError extends Error {
  /** Class name, for logs. */
  override readonly name = "GpuValidationError";
}

/** The GPU could not allocate the requested memory. */
export class GpuOutOfMemoryError extends Error {
  /** Class name, for logs. */
  override readonly name = "GpuOutOfMemoryError";
}

/** Limits of an adapter on the bytes of a tensor: what a kernel can bind at once, and what a buffer can hold. */
export type SizeLimit = "maxStorageBufferBindingSize" | "maxBufferSize";

/** A tensor is larger than what the adapter can allocate, or can bind to a kernel at once. */
export class TensorTooLargeError extends RangeError {
  /** Class name, for logs. */
  override readonly name = "TensorTooLargeError";
  /** Its shape. */
  readonly shape: Shape;
  /** The bytes that it takes. */
  readonly bytes: number;
  /** The bytes that it may take. */
  readonly limit: number;

  /** For a tensor, and the limit that it is over: by default the bytes that a kernel can bind. */
  constructor(
    adapter: Pick<AdapterFacts, "name" | "limits">,
    shape: Shape,
    bytes: number,
    limit: SizeLimit = "maxStorageBufferBindingSize",
  ) {
    const most = adapter.limits[limit];
    const rule = limit === "maxBufferSize"
      ? `one buffer of it holds at most ${most} bytes`
      : `it binds at most ${most} bytes at once`;
    const [first = 1] = shape;
    const fitting = Math.floor(most / (bytes / first));
    const advice = first > 1 && fitting >= 1
      ? `Its first axis can be ${fitting} at most`
      : "Make its axes after the first one smaller";
    super(
      `A tensor of shape ${formatShape(shape)}, ${bytes} bytes, does not fit ${adapter.name}: ` +
        `${rule}. ${advice}`,
    );
    this.shape = shape;
    this.bytes = bytes;
    this.limit = most;
  }
}

/** The adapter has no timestamps, so that single kernels cannot be timed. */
export class TimestampsMissingError extends Error {
  /** Class name, for logs. */
  override readonly name = "TimestampsMissingError";
}

/**
 * The device can no longer be used: the driver lost it (a reset, an unplugged card, a hung kernel), or it was disposed.
 */
export class DeviceLostError extends Error {
  /** Class name, for logs. */
  override readonly name = "DeviceLostError";
  /** Whether the driver lost it, or the program disposed it. */
  readonly kind: "lost" | "disposed";

  /** Of a kind. */
  constructor(kind: "lost" | "disposed", message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Floats of 16 bits were requested, but the adapter has none, or computes them incorrectly. */
export class F16NotSupportedError extends Error {
  /** Class name, for logs. */
  override readonly name = "F16NotSupportedError";

  /** For an adapter, which lists the feature or not. */
  constructor(adapter: string, listed: boolean) {
    const reason = listed
      ? "its shaders round or store them wrongly"
      : "it lacks WebGPU's feature 'shader-f16'";
    super(
      `${adapter} cannot compute with floats of 16 bits: ${reason}. ` +
        "Use f32, or another adapter; 'doctor' says what this one can do",
    );
  }
}

/** Turns what WebGPU reports into one of the typed errors above. */
export function fromGpuError(error: GPUError, label: string): Error {
  if (error instanceof GPUOutOfMemoryError) {
    return new GpuOutOfMemoryError(
      `GPU memory is exhausted on ${label}: ${error.message || "no detail given"}. ` +
        "Use a smaller batch, size or width, or close other programs that use the GPU",
    );
  }
  return new GpuValidationError(`The GPU rejected a command on ${label}: ${error.message}`);
}

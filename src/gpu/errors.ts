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

/** The GPU could not give the memory that was asked for. */
export class GpuOutOfMemoryError extends Error {
  /** Class name, for logs. */
  override readonly name = "GpuOutOfMemoryError";
}

/** The adapter has no timestamps, so that single kernels cannot be timed. */
export class TimestampsMissingError extends Error {
  /** Class name, for logs. */
  override readonly name = "TimestampsMissingError";
}

/** The driver gave up the device: a reset, an unplugged card, a hung kernel. */
export class DeviceLostError extends Error {
  /** Class name, for logs. */
  override readonly name = "DeviceLostError";
}

/** Floats of 16 bits were asked for where the adapter has none, or computes wrong ones. */
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

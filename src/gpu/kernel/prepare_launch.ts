import type { Device } from "../device/device.ts";
import type { Recording } from "../program/recording.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { expectTensorFits } from "../tensor/tensor_limits.ts";
import { checkBinding, checkPlace } from "./check_binding.ts";
import { checkLimits } from "./check_limits.ts";
import type { Kernel, Workgroups } from "./kernel.ts";
import { checkAliases, type Launch, type LaunchFacts } from "./launch.ts";

/** A requested launch: buffers and uniforms by the kernel's names. */
export interface LaunchRequest {
  /** What runs. */
  readonly kernel: Kernel;
  /** Tensors by name. */
  readonly buffers: Readonly<Record<string, Tensor>>;
  /** Values by name. */
  readonly uniforms: Readonly<Record<string, number>>;
  /** Size of the grid. */
  readonly workgroups: Workgroups;
  /** For profiles. */
  readonly facts: LaunchFacts;
}

/**
 * Checks a launch on a device, and puts buffers and values in the kernel's order.
 *
 * @throws {TypeError} if a buffer or uniform is missing, or if a tensor is of another type or on another device.
 * @throws {RangeError} if the grid or the kernel's loops exceed what the adapter does.
 */
export function prepareLaunch(
  device: Device,
  recording: Recording | undefined,
  { kernel, buffers, uniforms, workgroups, facts }: LaunchRequest,
): Launch {
  const storages = kernel.bindings.map(([name, , type]) => {
    const tensor = buffers[name];
    checkBinding(kernel, name, type, tensor);
    checkPlace(kernel, name, tensor, device, recording);
    expectTensorFits(device.adapter, tensor.shape, tensor.dtype);
    return tensor.storage;
  });
  const values = kernel.uniforms.map(([name]) => {
    const value = uniforms[name];
    if (value === undefined) throw new TypeError(`Kernel '${kernel.label}' needs a value for '${name}'`);
    return value;
  });
  checkLimits(device, kernel, uniforms, workgroups);
  const launch = { kernel, storages, uniforms: values, workgroups, ...facts };
  checkAliases(launch);
  return launch;
}

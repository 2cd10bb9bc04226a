import type { AdapterFacts } from "../device/adapter.ts";
import type { Kernel, Workgroups } from "./kernel.ts";
import type { Capabilities } from "../device/capabilities.ts";

/** The limits of a launch. */
export interface DeviceLimits {
  /** The adapter, with the limits that it reports. */
  readonly adapter: Pick<AdapterFacts, "name" | "limits">;
  /** With the limit that it does not report. */
  readonly capabilities: Pick<Capabilities, "loopIterations">;
}

/**
 * Throws if a launch is larger than the adapter allows: in its grid, or in the iterations of its loops. A driver that
 * limits those ends loops early without an error, and leaves results incomplete.
 *
 * @throws {RangeError} naming the kernel, its size and the limit.
 */
export function checkLimits(
  { adapter, capabilities }: DeviceLimits,
  kernel: Kernel,
  uniforms: Readonly<Record<string, number>>,
  workgroups: Workgroups,
): void {
  const most = adapter.limits.maxComputeWorkgroupsPerDimension;
  if (Math.max(...workgroups) > most) {
    throw new RangeError(
      `Cannot launch '${kernel.label}' on ${adapter.name}: it needs ${
        workgroups.join(" x ")
      } workgroups, at most ` +
        `${most} along an axis are allowed. Make its tensors smaller`,
    );
  }
  const iterations = kernel.iterations?.(uniforms) ?? 0;
  if (iterations > capabilities.loopIterations) {
    throw new RangeError(
      `Cannot launch '${kernel.label}' on ${adapter.name}: its loops take up to ${iterations} iterations, and this ` +
        `driver ends them after ${capabilities.loopIterations}. Make its tensors smaller`,
    );
  }
}

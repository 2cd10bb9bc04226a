import { AssertionError } from "@std/assert";
import type { Device, Kernel } from "../../../src/gpu/mod.ts";

/** How many iterations a kernel's loops took, beside what it had said. */
export interface CountedLaunch {
  readonly label: string;
  readonly counted: number;
  readonly declared: number | undefined;
}

const LOOP = /\b(for \([^{]*\)|while \([^{]*\)|loop) \{/g;

/** Whether a kernel has loops. */
export function hasLoops({ code }: Kernel): boolean {
  return code.match(LOOP) !== null;
}

/**
 * Runs `body` with every kernel that has loops rewritten, so that it counts their iterations, and says how many a
 * thread took at most. A loop's last test is no iteration here, so counts are a little lower than what a driver counts.
 */
export async function countIterations(
  device: Device,
  body: () => void | Promise<void>,
): Promise<CountedLaunch[]> {
  const launches: (Omit<CountedLaunch, "counted"> & { counter: ReturnType<Device["state"]> })[] = [];
  const launch = device.launch;
  device.launch = (kernel, buffers, uniforms, ...rest) => {
    if (!hasLoops(kernel)) return launch.call(device, kernel, buffers, uniforms, ...rest);
    const counter = device.tensor([0], { dtype: "u32" });
    launches.push({ label: kernel.label, declared: kernel.iterations?.(uniforms), counter });
    launch.call(device, counting(kernel), { ...buffers, iteration_count: counter }, uniforms, ...rest);
  };
  try {
    await body();
    const counts = launches.length === 0 ? [] : await device.read(launches.map(({ counter }) => counter));
    return launches.map(({ label, declared }, i) => ({ label, declared, counted: counts[i]![0]! }));
  } finally {
    device.launch = launch;
  }
}

/** Throws where a kernel took more iterations than it had said, or said nothing. */
export function assertDeclared(launches: readonly CountedLaunch[]): void {
  for (const { label, counted, declared } of launches) {
    if (declared === undefined) {
      throw new AssertionError(`'${label}' has loops, and does not say how long they are`);
    }
    if (counted > declared) {
      throw new AssertionError(`'${label}' took ${counted} iterations, and had said ${declared} at most`);
    }
  }
}

/** The kernel with one buffer more, which gets the most iterations of any thread. */
function counting(kernel: Kernel): Kernel {
  const binding = kernel.bindings.length;
  const code = kernel.code
    .replace(`@binding(${binding}) var<uniform>`, `@binding(${binding + 1}) var<uniform>`)
    .replace(LOOP, (opening) => `${opening} own_iterations++; atomicMax(&iteration_count, own_iterations);`);
  return {
    ...kernel,
    bindings: [...kernel.bindings, ["iteration_count", "update", "atomic<u32>"]],
    code: withDeclarations(
      code,
      `@group(0) @binding(${binding}) var<storage, read_write> iteration_count: atomic<u32>;
var<private> own_iterations: u32;`,
    ),
  };
}

/** Declarations go before the first binding: directives such as `enable` must stay first. */
function withDeclarations(code: string, declarations: string): string {
  const at = code.indexOf("@group(0)");
  return `${code.slice(0, at)}${declarations}\n${code.slice(at)}`;
}

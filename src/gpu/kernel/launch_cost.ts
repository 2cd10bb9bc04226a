import type { Launch } from "./launch.ts";

/** Operations that a workgroup is taken to do in an iteration of its loops: 64 threads, and what they wait for memory. */
const OPERATIONS = 64 * 64;

/**
 * What a launch costs beside others, in floating-point operations: those of a contraction, which are known, and for
 * what mostly moves memory a guess by the size of its grid. Good to a factor of about two.
 */
export function launchCost({ kernel, uniforms, workgroups: [x, y, z], work = 0 }: Launch): number {
  const named = Object.fromEntries(kernel.uniforms.map(([name], position) => [name, uniforms[position]!]));
  const iterations = Math.max(1, kernel.iterations?.(named) ?? 1);
  return Math.max(work, x * y * z * iterations * OPERATIONS);
}

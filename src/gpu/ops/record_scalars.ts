import { defineKernel } from "../kernel.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** WebGPU promises 8 buffers a kernel: the ring, the counter and this many. */
const MAX_SCALARS = 6;

/**
 * Writes scalars to row `counter % capacity` of a ring `[capacity, scalars]`, in one launch: how a program keeps the
 * metrics of its last runs without a readback each run.
 *
 * @example Keep the loss of each run, read them together
 * ```ts
 * import { advance, mean, openDevice, recordScalars } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const ring = device.state([100, 1]);
 * const counter = device.state([1], "u32");
 * const step = device.program({ x: [4] }, ({ x }) => {
 *   recordScalars(ring, counter, [mean(x)]);
 *   advance(counter);
 * });
 * step.run({ x: [1, 2, 3, 4] });
 * step.run({ x: [0, 0, 0, 4] });
 * console.log((await ring.data()).slice(0, 2)); // Float32Array [2.5, 1]
 * ```
 *
 * @throws {RangeError} if the ring does not have a column for each scalar, or a scalar has several elements.
 * @throws {TypeError} if the counter is not u32.
 */
export function recordScalars(ring: Tensor, counter: Tensor, scalars: readonly Tensor[]): void {
  const count = scalars.length;
  if (count < 1 || count > MAX_SCALARS) {
    throw new RangeError(`recordScalars() takes 1 to ${MAX_SCALARS} scalars: ${count} were given`);
  }
  if (ring.rank !== 2 || ring.shape[1] !== count) {
    throw new RangeError(
      `recordScalars() needs a ring of shape [capacity, ${count}]: this one has shape ${
        formatShape(ring.shape)
      }`,
    );
  }
  for (const [position, { shape, size }] of scalars.entries()) {
    if (size === 1) continue;
    throw new RangeError(
      `recordScalars() takes tensors of one element: number ${position} has shape ${formatShape(shape)}`,
    );
  }
  checkCounter("recordScalars", counter);
  const names = scalars.map((_, position) => `scalar_${position}`);
  const kernel = defineKernel({
    label: "recordScalars",
    bindings: {
      counter: ["read", "array<u32>"],
      ...Object.fromEntries(names.map((name) => [name, ["read", "array<f32>"] as const])),
      ring: ["write", "array<f32>"],
    },
    uniforms: { capacity: "u32" },
    workgroup: 1,
    body: `  let row = counter[0] % params.capacity * ${count}u;
${names.map((name, position) => `  ring[row + ${position}u] = ${name}[0];`).join("\n")}`,
  });
  const buffers = Object.fromEntries(names.map((name, position) => [name, scalars[position]!]));
  ring.device.launch(kernel, { counter, ...buffers, ring }, { capacity: ring.shape[0]! }, [1, 1, 1]);
}

/**
 * Adds to a counter: a u32 tensor of one element that says how often a program ran.
 *
 * @example
 * ```ts
 * import { advance, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const counter = device.state([1], "u32");
 * advance(counter, 3);
 * console.log(await counter.item()); // 3
 * ```
 *
 * @throws {TypeError} if the counter is not u32.
 */
export function advance(counter: Tensor, by = 1): void {
  checkCounter("advance", counter);
  const kernel = defineKernel({
    label: "advance",
    bindings: { counter: ["update", "array<u32>"] },
    uniforms: { by: "u32" },
    workgroup: 1,
    body: "  counter[0] += params.by;",
  });
  counter.device.launch(kernel, { counter }, { by }, [1, 1, 1]);
}

function checkCounter(name: string, counter: Tensor): void {
  if (counter.dtype === "u32" && counter.size === 1) return;
  throw new TypeError(
    `${name}() needs a counter of one u32: this tensor has type ${counter.dtype} and shape ${
      formatShape(counter.shape)
    }`,
  );
}

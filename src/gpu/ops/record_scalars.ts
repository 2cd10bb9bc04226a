import { read, runKernel, u32, update, write } from "../kernel/run_kernel.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Buffers of a kernel that are not tensors to be recorded: the ring and the counter. */
const OWN_BUFFERS = 2;

/**
 * Writes the elements of small tensors of f32 or u32, one after the other and as floats, to row
 * `counter % capacity` of a ring `[capacity, elements]`, and adds one to the counter: how a program keeps the
 * metrics of its last runs without a readback each run. It is one launch for as many tensors as a kernel can
 * bind on the adapter, which are 6 or more.
 *
 * @example Keep the loss of each run, read them together
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mean, openDevice, recordScalars } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const ring = device.state([100, 1]);
 * const counter = device.state([1], "u32");
 * const step = device.program({ x: [4] }, ({ x }) => {
 *   recordScalars(ring, counter, [mean(x)]);
 * });
 * step.run({ x: [1, 2, 3, 4] });
 * step.run({ x: [0, 0, 0, 4] });
 * assertEquals([...(await ring.data()).slice(0, 2)], [2.5, 1]);
 * ```
 *
 * @throws {RangeError} if there are no tensors, or the ring has not a column for each element.
 * @throws {TypeError} if the counter is not u32.
 */
export function recordScalars(ring: Tensor, counter: Tensor, tensors: readonly Tensor[]): void {
  if (tensors.length < 1) throw new RangeError("recordScalars() needs a tensor, found none");
  const columns = tensors.reduce((sum, { size }) => sum + size, 0);
  if (ring.rank !== 2 || ring.shape[1] !== columns) {
    throw new RangeError(
      `recordScalars() needs a ring of shape [capacity, ${columns}], found shape ${formatShape(ring.shape)}`,
    );
  }
  checkCounter("recordScalars", counter);
  const most = ring.device.adapter.limits.maxStorageBuffersPerShaderStage - OWN_BUFFERS;
  let first = 0;
  for (let at = 0; at < tensors.length; at += most) {
    const some = tensors.slice(at, at + most);
    recordSome(ring, counter, some, { first, isLast: at + most >= tensors.length });
    first += some.reduce((sum, { size }) => sum + size, 0);
  }
}

/** Writes tensors to a row, from a column on; those that are last move the counter on. */
function recordSome(
  ring: Tensor,
  counter: Tensor,
  tensors: readonly Tensor[],
  { first, isLast }: { readonly first: number; readonly isLast: boolean },
): void {
  const columns = ring.shape[1]!;
  const names = tensors.map((_, position) => `values_${position}`);
  const stores = tensors.flatMap(({ size }, position) =>
    Array.from({ length: size }, (_, element) => `f32(${names[position]}[${element}])`)
  );
  const values = tensors.map((tensor, position) => {
    return [names[position]!, read(tensor, tensor.dtype === "u32" ? "array<u32>" : "array<f32>")] as const;
  });
  runKernel(ring.device, {
    label: "recordScalars",
    buffers: {
      counter: isLast ? update(counter, "array<u32>") : read(counter, "array<u32>"),
      ...Object.fromEntries(values),
      ring: write(ring, "array<f32>"),
    },
    uniforms: { capacity: u32(ring.shape[0]!) },
    workgroup: 1,
    grid: [1, 1, 1],
    body: `  let row = counter[0] % params.capacity * ${columns}u;
${stores.map((value, column) => `  ring[row + ${first + column}u] = ${value};`).join("\n")}
${isLast ? "  counter[0] += 1u;" : ""}`,
  });
}

/**
 * Adds to a counter: a u32 tensor of one element that says how often a program ran.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { advance, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const counter = device.state([1], "u32");
 * advance(counter, 3);
 * assertEquals(await counter.item(), 3);
 * ```
 *
 * @throws {TypeError} if the counter is not u32.
 */
export function advance(counter: Tensor, by = 1): void {
  checkCounter("advance", counter);
  runKernel(counter.device, {
    label: "advance",
    buffers: { counter: update(counter, "array<u32>") },
    uniforms: { by: u32(by) },
    workgroup: 1,
    grid: [1, 1, 1],
    body: "  counter[0] += params.by;",
  });
}

function checkCounter(name: string, counter: Tensor): void {
  if (counter.dtype === "u32" && counter.size === 1) return;
  throw new TypeError(
    `${name}() needs a counter of one u32, found a tensor of type ${counter.dtype} and shape ${
      formatShape(counter.shape)
    }`,
  );
}

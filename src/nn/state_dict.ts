import type { DType, HostArrays, Tensor } from "../gpu/mod.ts";
import { formatShape, sameShape } from "../gpu/shape.ts";
import { type BorderLayout, fromBorder, sameLayout, toBorder } from "./layout.ts";
import type { Network } from "./network.ts";
import type { TensorData } from "./safetensors.ts";

/** A tensor of a network with its name, PyTorch's layout, and what it is. */
interface Entry {
  readonly name: string;
  readonly tensor: Tensor;
  readonly layout: BorderLayout;
}

/**
 * Parameters and statistics by the names, in the shapes and the order of elements that PyTorch has them in: what
 * `module.state_dict()` returns there.
 */
export async function stateDict(network: Network): Promise<Map<string, TensorData>> {
  const entries = entriesOf(network);
  const values = await network.values.device.read(entries.map(({ tensor }) => tensor));
  return new Map(
    entries.map(({ name, layout }, position) => [name, toTensorData(values[position]!, layout)]),
  );
}

/**
 * Sets parameters and statistics to those of a PyTorch state dict.
 *
 * @throws {RangeError} naming every tensor that is missing, left over or of another shape; then nothing is changed.
 */
export function loadStateDict(network: Network, tensors: ReadonlyMap<string, TensorData>): void {
  const entries = entriesOf(network);
  const problems = entries.flatMap(({ name, layout }) => {
    const found = tensors.get(name);
    if (!found) return [`'${name}' is missing`];
    // PyTorch keeps counts without an axis.
    const shape = found.shape.length === 0 ? [1] : found.shape;
    if (sameShape(shape, layout.shape)) return [];
    return [`'${name}' has shape ${formatShape(found.shape)}, expected ${formatShape(layout.shape)}`];
  });
  const known = new Set(entries.map(({ name }) => name));
  for (const name of tensors.keys()) {
    if (!known.has(name)) problems.push(`'${name}' is not part of the network`);
  }
  if (problems.length > 0) {
    throw new RangeError(`This state dict does not fit the network: ${problems.join("; ")}`);
  }
  for (const { name, tensor, layout } of entries) {
    tensor.set(fromBorder(Float64Array.from(tensors.get(name)!.data as ArrayLike<number>, Number), layout));
  }
}

/** True gradients by PyTorch's names, in its shapes and order, as of the last backward pass. */
export async function gradientDict(network: Network): Promise<Map<string, TensorData>> {
  const entries = [...network.parameters].map(([name, { layout }]) => ({ name, layout }));
  const values = await network.values.device.read(entries.map(({ name }) => network.gradientOf(name)));
  const share = 1 / network.gradientScale;
  return new Map(
    entries.map(({ name, layout }, position) => [
      name,
      toTensorData(Float32Array.from(values[position]!, (value) => value * share), layout),
    ]),
  );
}

function entriesOf(network: Network): Entry[] {
  const entries: Entry[] = [];
  for (const [name, { tensor, layout }] of network.parameters) entries.push({ name, tensor, layout });
  for (const [name, { tensor, shape }] of network.statistics) {
    entries.push({ name, tensor, layout: sameLayout(shape) });
  }
  return entries;
}

function toTensorData(values: HostArrays[DType], layout: BorderLayout): TensorData {
  if (values instanceof Float32Array) {
    return { dtype: "F32", shape: layout.shape, data: toBorder(values, layout) as Float32Array<ArrayBuffer> };
  }
  return { dtype: "I64", shape: [], data: BigInt64Array.from(values, BigInt) };
}

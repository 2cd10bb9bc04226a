import type { DType, HostArrays, Tensor } from "../gpu/mod.ts";
import { formatShape, sameShape, sizeOf } from "../gpu/shape.ts";
import { SCALING } from "./gradient_scaling.ts";
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
 * @throws {RangeError} naming every tensor that is missing, left over, of another shape or with values that do not
 * fit, such as a count below 0; then nothing is changed.
 */
export function loadStateDict(network: Network, tensors: ReadonlyMap<string, TensorData>): void {
  const entries = entriesOf(network);
  const problems = entries.flatMap((entry) => {
    const found = tensors.get(entry.name);
    const problem = found ? problemOf(found, entry) : "is missing";
    return problem ? [`'${entry.name}' ${problem}`] : [];
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

/** Why these values cannot become those of a tensor; undefined where they can. */
function problemOf({ shape, data }: TensorData, { tensor, layout }: Entry): string | undefined {
  // PyTorch keeps counts without an axis.
  if (!sameShape(shape.length === 0 ? [1] : shape, layout.shape)) {
    return `has shape ${formatShape(shape)}, expected ${formatShape(layout.shape)}`;
  }
  const size = sizeOf(shape);
  if (data.length !== size) {
    return `has ${data.length} values, expected ${size} for its shape ${formatShape(shape)}`;
  }
  if (tensor.dtype !== "u32") return undefined;
  // Memory keeps the lowest 32 bits of any number.
  const wrong = Array.from(data as ArrayLike<number | bigint>).find((value) =>
    Number(value) !== Number(value) >>> 0
  );
  return wrong === undefined
    ? undefined
    : `counts ${wrong}, expected a whole number from 0 to ${2 ** 32 - 1}`;
}

/** True gradients by PyTorch's names, in its shapes and order, as of the last backward pass. */
export async function gradientDict(network: Network): Promise<Map<string, TensorData>> {
  const entries = [...network.parameters].map(([name, { layout }]) => ({ name, layout }));
  const gradients = entries.map(({ name }) => network.gradientOf(name));
  const scaling = network.gradientScaling?.values;
  const values = await network.values.device.read([...gradients, ...(scaling ? [scaling] : [])]);
  const share = scaling ? values.at(-1)![SCALING.share]! : 1;
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
  // PyTorch keeps counts without an axis.
  const shape = sameShape(layout.shape, [1]) ? [] : layout.shape;
  return { dtype: "I64", shape, data: BigInt64Array.from(values, BigInt) };
}

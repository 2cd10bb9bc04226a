import { type DType, expectKnownOptions, type HostArrays, type Tensor } from "../../gpu/mod.ts";
import { formatShape, sameShape, sizeOf } from "../../gpu/tensor/shape.ts";
import { SCALING } from "../gradient_scaling.ts";
import { type BorderLayout, fromBorder, toBorder } from "./layout.ts";
import { underNamesOf } from "./name_prefix.ts";
import type { Network } from "../network.ts";
import type { TensorData } from "../../files/safetensors.ts";

/** Problems that a message lists. */
const MOST_TOLD = 8;

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

/** Options of {@linkcode loadStateDict}. */
export interface LoadStateDictOptions {
  /**
   * Whether a state dict must have the running statistics of batch norms. If it need not, the network keeps its own
   * in place of those that are missing.
   *
   * @default {"required"}
   */
  statistics?: "required" | "optional";
}

/**
 * Sets parameters and statistics to those of a PyTorch state dict. What its names begin with does not matter, if they
 * all begin so: `module.main.0.weight` is `0.weight`. Floats of 16 and of 64 bits become those of 32 bits. The counts
 * of batches, `num_batches_tracked`, may be missing or floats: nothing is computed with them.
 *
 * @throws {RangeError} naming the tensors that are missing, left over, of another shape or with values that do not fit,
 * such as a count below 0; then nothing is changed.
 */
export function loadStateDict(
  network: Network,
  tensors: ReadonlyMap<string, TensorData>,
  options: LoadStateDictOptions = {},
): void {
  expectKnownOptions("loadStateDict()", options, { statistics: true });
  const entries = entriesOf(network);
  const known = new Set(entries.map(({ name }) => name));
  const given = underNamesOf(known, tensors);
  const isNeeded = ({ name, tensor }: Entry) =>
    tensor.dtype !== "u32" && (options.statistics !== "optional" || network.parameters.has(name));
  const problems = entries.flatMap((entry) => {
    const found = given.get(entry.name);
    if (!found) return isNeeded(entry) ? [`'${entry.name}' is missing`] : [];
    const problem = problemOf(found, entry);
    return problem ? [`'${entry.name}' ${problem}`] : [];
  });
  for (const name of given.keys()) {
    if (!known.has(name)) problems.push(`'${name}' is not part of the network`);
  }
  if (problems.length > 0) {
    const more = problems.length > MOST_TOLD ? `; and ${problems.length - MOST_TOLD} more` : "";
    throw new RangeError(
      `This state dict does not fit the network: ${problems.slice(0, MOST_TOLD).join("; ")}${more}`,
    );
  }
  for (const { name, tensor, layout } of entries) {
    const found = given.get(name);
    if (found && !isLostCount(found, tensor)) tensor.set(fromBorder(toNumbers(found), layout));
  }
}

/** Numbers of any type. Those of 64-bit floats are rounded once, as they are written to the GPU. */
function toNumbers({ data }: TensorData): Float64Array<ArrayBuffer> {
  return Float64Array.from(data as ArrayLike<number>, Number);
}

/** Whether a count was too large for the floats of 16 bits that a whole state dict was made into. */
function isLostCount({ dtype, data }: TensorData, { dtype: wanted }: Tensor): boolean {
  return wanted === "u32" && dtype === "F16" && data[0] === Infinity;
}

/** Why these values cannot become those of a tensor; undefined if they can. */
function problemOf(found: TensorData, { tensor, layout }: Entry): string | undefined {
  const { shape, data } = found;
  // PyTorch keeps counts without an axis.
  if (!sameShape(shape.length === 0 ? [1] : shape, layout.shape)) {
    return `has shape ${formatShape(shape)}, expected ${formatShape(layout.shape)}`;
  }
  const size = sizeOf(shape);
  if (data.length !== size) {
    return `has ${data.length} values, expected ${size} for its shape ${formatShape(shape)}`;
  }
  if (tensor.dtype !== "u32") return problemOfRange(found);
  if (isLostCount(found, tensor)) return undefined;
  // Memory keeps the lowest 32 bits of any number.
  const wrong = Array.from(data as ArrayLike<number | bigint>).find((value) =>
    Number(value) !== Number(value) >>> 0
  );
  return wrong === undefined
    ? undefined
    : `counts ${wrong}, expected a whole number from 0 to ${2 ** 32 - 1}`;
}

/** Why floats of 64 bits cannot become those of 32; undefined if they can. */
function problemOfRange({ dtype, data }: TensorData): string | undefined {
  if (dtype !== "F64") return undefined;
  const wrong = data.find((value) => Number.isFinite(value) && !Number.isFinite(Math.fround(value)));
  return wrong === undefined ? undefined : `holds ${wrong}, which is beyond the range of 32-bit floats`;
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
  for (const [name, { tensor, layout }] of network.statistics) entries.push({ name, tensor, layout });
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

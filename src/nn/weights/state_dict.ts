import { type DType, expectKnownOptions, type HostArrays, type Tensor } from "../../gpu/mod.ts";
import { sameShape } from "../../gpu/tensor/shape.ts";
import { SCALING } from "../gradient_scaling.ts";
import { type BorderLayout, fromBorder, toBorder } from "./layout.ts";
import { isLostCount, matchStateDict, type StateDictEntry, toNumbers } from "./match_state_dict.ts";
import type { Network } from "../network.ts";
import type { TensorData } from "../../files/safetensors.ts";

/** A tensor of a network, and what a state dict has for it. */
interface Entry extends StateDictEntry {
  readonly tensor: Tensor;
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
  const given = matchStateDict(entries, tensors, options.statistics);
  for (const { name, tensor, layout, kind } of entries) {
    const found = given.get(name);
    if (found && !(kind === "count" && isLostCount(found))) tensor.set(fromBorder(toNumbers(found), layout));
  }
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
  for (const [name, { tensor, layout }] of network.parameters) {
    entries.push({ name, tensor, layout, kind: "parameter" });
  }
  for (const [name, { tensor, layout, dtype }] of network.statistics) {
    entries.push({ name, tensor, layout, kind: dtype === "u32" ? "count" : "statistic" });
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

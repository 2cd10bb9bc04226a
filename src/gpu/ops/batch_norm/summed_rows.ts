import { addingParts, PARTS_AT_ONCE, partsInRounds, partsIterations } from "../../contraction/parts_sum.ts";
import { type KernelPart, read, u32, update } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { columnsOf } from "./channel_rows.ts";

/** How a first pass reads a tensor. */
export interface FirstReading extends KernelPart {
  /** WGSL of the value at an index. Each index is read once. */
  readonly value: (at: string) => string;
  /** WGSL of the same value, to be read as often as wanted. */
  readonly again: (at: string) => string;
  /** Iterations for a value. */
  readonly iterationsEach: number;
}

/** Buffers of a kernel of whole columns that reads parts. */
const MOST_BUFFERS = 9;

/**
 * The first reading of a tensor, which nothing has read yet if it was just computed. Where a graphics card is to add up
 * parts of products for it, the first pass does that, without a launch of its own.
 */
export function firstReading(name: string, tensor: Tensor): FirstReading {
  const { device } = tensor;
  const { adapter, capabilities } = device;
  const mayTake = !adapter.software && capabilities.loopIterations === Infinity &&
    adapter.limits.maxStorageBuffersPerShaderStage >= MOST_BUFFERS;
  const parts = mayTake ? device.takeParts(tensor) : undefined;
  return parts ? readingParts(name, tensor, parts) : readingStored(name, tensor);
}

/** Reads it from memory. */
export function readingStored(name: string, tensor: Tensor): FirstReading {
  const source = read(tensor, columnsOf(tensor.shape.at(-1)!).type);
  const value = (at: string) => source.load(`${name}[${at}]`);
  return { buffers: { [name]: source }, value, again: value, iterationsEach: 0 };
}

/** Adds up the parts that it is the sum of, in order, and stores the sums, which the second pass reads. */
function readingParts(name: string, tensor: Tensor, parts: Tensor): FirstReading {
  const { type, array } = columnsOf(tensor.shape.at(-1)!);
  const sums = update(tensor, type);
  const [count = 1] = parts.shape;
  // Eight fours at once would spill on Intel's cards
  const atOnce = type === "vec4f" ? 1 : PARTS_AT_ONCE;
  const step = tensor.size / (type === "vec4f" ? 4 : 1);
  return {
    buffers: { [name]: sums, [`${name}_parts`]: read(parts, array) },
    uniforms: { [`${name}_rounds`]: u32(partsInRounds(count, atOnce)), [`${name}_step`]: u32(step) },
    declarations: `fn sum_${name}(at: u32) -> ${type} {
  var sum = ${type}();
${
      addingParts(
        count,
        `params.${name}_rounds`,
        (part) => `${name}_parts[${part} * params.${name}_step + at]`,
        atOnce,
      )
    }
  return ${sums.load(sums.store("sum"))};
}
fn keep_${name}(at: u32) -> ${type} {
  let sum = sum_${name}(at);
  ${name}[at] = ${sums.store("sum")};
  return sum;
}`,
    value: (at) => `keep_${name}(${at})`,
    again: (at) => `sum_${name}(${at})`,
    iterationsEach: partsIterations(count, atOnce),
  };
}

import { type Access, defineKernel } from "../kernel/kernel.ts";
import type { Device } from "../device/device.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { sliceTensor } from "../tensor/slice.ts";

/**
 * The shards of a batch that a program computes: equal parts, whose number does not depend on how many programs share
 * them. What mixes shards is added up in one order, that of their numbers.
 */
export interface Shards {
  /** Shards of the batch. */
  readonly count: number;
  /** The first own one, counted from 0. */
  readonly first: number;
  /** The one behind the last own one. */
  readonly end: number;
  /**
   * What batch norms normalize with: the statistics of the whole batch, for which all shards wait, or those of each shard
   * alone. Running statistics are those of the whole batch in either case.
   */
  readonly norms: "batch" | "shard";
  /**
   * What gradients are added up and passed in: as they are, or in 16 bits, which halves what is passed.
   *
   * @default {"f32"}
   */
  readonly gradients?: "f32" | "f16";
}

/** Rows of a tensor, of which each program has some and is to get the others. */
export interface GatheredRows {
  /** Which it is. */
  readonly kind: "gather";
  /** The rows, one after another. The last may be shorter. */
  readonly tensor: Tensor;
  /** Elements of a row, a multiple of 64. */
  readonly row: number;
  /** The first row that this program has, and the one behind the last. */
  readonly own: readonly [first: number, end: number];
}

/** Values that are to be added up: each program is given the parts of all others that it adds. */
export interface ScatteredParts {
  /** Which it is. */
  readonly kind: "scatter";
  /** `[length]`: part i is for the program of place i. The last may be shorter. */
  readonly values: Tensor;
  /**
   * `[programs, part]`: what the others have for this one, in order of their places. The row of its own place is left as it
   * was.
   */
  readonly parts: Tensor;
}

/** What programs that share the shards of a batch give each other between two of their launches. */
export type Meeting = GatheredRows | ScatteredParts;

/** Slices begin at multiples of so many floats. */
const SLICE_STEP = 64;

/**
 * Records what programs give each other at one meeting. A kernel that does nothing stands for it in a list of launches, for
 * those who follow what is read and written.
 */
export function recordMeeting(device: Device, meeting: readonly Meeting[]): void {
  const bindings: Record<string, readonly [Access, string]> = {};
  const buffers: Record<string, Tensor> = {};
  const bind = (name: string, access: Access, tensor: Tensor): void => {
    bindings[name] = [access, "array<f32>"];
    buffers[name] = tensor;
  };
  for (const [at, one] of meeting.entries()) {
    if (one.kind === "gather") bind(`rows_${at}`, "update", one.tensor);
    else {
      bind(`values_${at}`, "read", one.values);
      bind(`parts_${at}`, "write", one.parts);
    }
  }
  const kernel = defineKernel({ label: "meet other programs", bindings, body: "" });
  device.launch(kernel, buffers, {}, [1, 1, 1], { meeting });
}

/** A row of numbers for each shard of a batch: each shard writes its own, and reads all once they have met. */
export class ShardRows {
  /** `[count, length]`: of each row, the first elements are those of the shape. */
  readonly tensor: Tensor;
  /** Elements from one row to the next: a multiple of those behind the first axis of the shape. */
  readonly length: number;
  readonly #shape: Shape;

  /** Rows of a shape. */
  constructor(device: Device, { count }: Pick<Shards, "count">, shape: Shape) {
    this.#shape = shape;
    const inner = sizeOf(shape.slice(1));
    const step = SLICE_STEP / commonDivisor(SLICE_STEP, inner) * inner;
    this.length = Math.ceil(sizeOf(shape) / step) * step;
    this.tensor = device.empty([count, this.length]);
  }

  /** The row of a shard, in its shape. */
  of(shard: number): Tensor {
    const row = sliceTensor(this.tensor, shard * this.length, this.#shape);
    this.tensor.device.track(row);
    return row;
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

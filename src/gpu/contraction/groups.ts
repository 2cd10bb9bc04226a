import { copyColumns } from "../ops/elementwise/copy_columns.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ConvolutionGeometry } from "./sums/geometry.ts";

/** Channels that follow each other. */
export interface Channels {
  /** The first. */
  readonly first: number;
  /** How many there are. */
  readonly count: number;
}

/** One group of a convolution's channels. */
export interface Group {
  /** Its convolution, without groups. */
  readonly own: ConvolutionGeometry;
  /** Its channels of the input. */
  readonly inputs: Channels;
  /** Its channels of the output. */
  readonly outputs: Channels;
}

/** Whether channels are in groups. */
export function isGrouped({ groups = 1 }: ConvolutionGeometry): boolean {
  return groups > 1;
}

/**
 * The groups of a convolution. Each is computed as a convolution of its own, of copies of its channels: kernels know
 * nothing of groups, and each group costs four launches.
 */
export function groupsOf({ groups = 1, ...g }: ConvolutionGeometry): readonly Group[] {
  const [inputs, outputs] = [g.inputs / groups, g.outputs / groups];
  return Array.from({ length: groups }, (_, at) => ({
    own: { ...g, inputs, outputs },
    inputs: { first: at * inputs, count: inputs },
    outputs: { first: at * outputs, count: outputs },
  }));
}

/** Some channels of a tensor, which are its last axis, as a new one. */
export function cutChannels(x: Tensor, { first, count }: Channels): Tensor {
  const part = x.device.empty([...x.shape.slice(0, -1), count], x.dtype);
  copyColumns(x, part, { rows: part.size / count, count, from: first });
  return part;
}

/** Puts such a tensor to its place in another, or adds it. */
export function pasteChannels(
  part: Tensor,
  whole: Tensor,
  { first, count }: Channels,
  accumulate = false,
): void {
  copyColumns(part, whole, { rows: part.size / count, count, to: first, accumulate });
}

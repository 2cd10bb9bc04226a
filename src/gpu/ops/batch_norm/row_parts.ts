import { loopIterations } from "../../kernel/iterations.ts";
import { each, type KernelPart, read, u32 } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ChannelRows, channelRows } from "./channel_rows.ts";

/**
 * Two sums over rows for each channel, as a reduction leaves them: `[groups, parts, 2, channels]`, each part of a
 * group's rows but perhaps the last `rowsEach` rows long.
 */
export interface RowParts {
  /** The sums. */
  readonly values: Tensor;
  /** How the rows were laid out. */
  readonly layout: ChannelRows;
}

/** Parts that a kernel adds up in every thread at most, instead of a launch of their own. */
const MAX_PARTS_IN_KERNEL = 16;

/** Whether the kernel that needs the totals of these parts is to add them up by itself. */
export function mergesInKernel({ values, layout }: RowParts): boolean {
  return layout.blocks <= MAX_PARTS_IN_KERNEL &&
    mergeIterations({ values, layout }) <= values.device.capabilities.loopIterations / 2;
}

/** Iterations of a thread that adds up the parts of its own group, and then those of each group. */
export function mergeIterations({ layout: { groups, blocks } }: RowParts): number {
  return loopIterations(blocks) + loopIterations(groups, loopIterations(blocks));
}

/** Layout of a launch that adds parts up: all parts of a column, one group after another, in one workgroup. */
export function partsLayout({ values, layout }: RowParts): ChannelRows {
  return channelRows(values.device, { groups: 1, rows: layout.blocks, channels: layout.channels }, 1);
}

/** What kernels bind that add parts up. */
export function partialsPart({ values, layout }: RowParts): KernelPart {
  const { type, blocks, rowsEach, rows, groups } = layout;
  return {
    buffers: { partials: read(values, `array<${type}>`) },
    uniforms: each(u32, { parts: blocks, part_rows: rowsEach, group_rows: rows, groups }),
  };
}

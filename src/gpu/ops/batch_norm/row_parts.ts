import { loopIterations } from "../../kernel/iterations.ts";
import type { KernelSpec } from "../../kernel/kernel.ts";
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

/** Parts that a kernel adds up on the side in every thread at most, instead of a launch of their own. */
const MAX_SIDE_PARTS = 16;

/** Whether the kernel that needs the totals of these parts is to add them up by itself. */
export function addsUpOnTheSide({ values, layout }: RowParts): boolean {
  return layout.blocks <= MAX_SIDE_PARTS &&
    sideIterations({ groups: layout.groups, parts: layout.blocks }) <=
      values.device.capabilities.loopIterations / 2;
}

/** Iterations of a thread that adds up the parts of its own group, and then those of each group. */
export function sideIterations({ groups, parts }: Readonly<Record<string, number>>): number {
  return loopIterations(parts!) + loopIterations(groups!, loopIterations(parts!));
}

/** Layout of a launch that adds parts up: all parts of a column, one group after another, in one workgroup. */
export function partsLayout({ values, layout }: RowParts): ChannelRows {
  return channelRows(values.device, { groups: 1, rows: layout.blocks, channels: layout.channels }, 1);
}

/** Uniform fields that kernels read which add parts up. */
export const PART_FIELDS: NonNullable<KernelSpec["uniforms"]> = {
  parts: "u32",
  part_rows: "u32",
  group_rows: "u32",
  groups: "u32",
};

/** Values of {@linkcode PART_FIELDS}. */
export function partValues({ layout }: RowParts): Record<string, number> {
  return {
    parts: layout.blocks,
    part_rows: layout.rowsEach,
    group_rows: layout.rows,
    groups: layout.groups,
  };
}

import type { Device } from "../../device/device.ts";
import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { each, type KernelPart, read, u32, write } from "../../kernel/run_kernel.ts";
import { workgroupTree } from "../../kernel/workgroup_tree.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ChannelRows, channelRows, runRows, threadRows } from "./channel_rows.ts";

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

/** What a reduction keeps of rows, and how two of these become one. */
export interface Reduction {
  /** WGSL struct. */
  readonly struct: string;
  /** WGSL function of two of them. */
  readonly merge: string;
  /** Workgroup array for the tree of threads. */
  readonly shared: string;
  /** Declares struct and function, for columns of a WGSL type. */
  declare(type: string): string;
}

/** Statements and parts of {@linkcode reduceRows}. */
interface RowReduction extends KernelPart {
  readonly label: string;
  /** Iterations of a thread with so many rows. */
  readonly iterationsOf: (rows: number) => number;
  /** Tensors that stand before the parts. */
  readonly reads: NonNullable<KernelPart["buffers"]>;
  /** Statements that leave the thread's rows in `found`. */
  readonly lines: string;
  /** The two values to keep of `found`. */
  readonly keep: readonly [string, string];
  /** Statements at the end. */
  readonly end?: string;
}

/** Reduces each block of rows to one part. */
export function reduceRows(device: Device, layout: ChannelRows, of: Reduction, pass: RowReduction): RowParts {
  const { type, threads, groups, channels, blocks } = layout;
  const values = device.empty([groups, blocks, 2, channels]);
  runRows(device, layout, {
    label: pass.label,
    parts: [{ declarations: treeDeclarations(of, type, threads) }],
    buffers: { ...pass.reads, partials: write(values, `array<${type}>`), ...pass.buffers },
    uniforms: pass.uniforms ?? {},
    declarations: pass.declarations ?? "",
    iterations: pass.iterationsOf(threadRows(layout)) + treeIterations(threads / layout.lanes),
    body: `${pass.lines}
${treeLines(of)}
  if (line == 0u && inside) {
    let at = (group.z * groups.y + group.y) * 2u * params.width + column;
    partials[at] = ${pass.keep[0]};
    partials[at + params.width] = ${pass.keep[1]};
  }
${pass.end ?? ""}`,
  });
  return { values, layout };
}

/** Merges all parts of a column, one group (`batch`) after another, in one workgroup; the statements use `found`. */
export function mergeParts(
  { values, layout: { groups, blocks, channels } }: RowParts,
  of: Reduction,
  pass: {
    readonly label: string;
    readonly parts: readonly KernelPart[];
    /** Expression that reads one `part`. */
    readonly part: string;
    /** Statements before the groups, before the parts of each group, after these, and after the groups. */
    readonly lines: {
      readonly start?: string;
      readonly before?: string;
      readonly after: string;
      readonly end?: string;
    };
  },
): void {
  const { start = "", before = "", after, end = "" } = pass.lines;
  const layout = channelRows(values.device, { groups: 1, rows: blocks, channels }, 1);
  const rows = loopIterations(threadRows(layout)) + treeIterations(layout.threads / layout.lanes);
  runRows(values.device, layout, {
    label: pass.label,
    parts: [{ declarations: treeDeclarations(of, layout.type, layout.threads) }, ...pass.parts],
    iterations: loopIterations(groups, rows),
    body: `${start}
  for (var batch = 0u; batch < params.groups; batch += 1u) {
${before}
    var found = ${of.struct}();
    for (var part = row; part < end; part += height) { found = ${of.merge}(found, ${pass.part}); }
${treeLines(of)}
${after}
    workgroupBarrier();
  }
${end}`,
  });
}

/** Merges `found` of the threads of a column in a tree; all of them is in the first one's. */
function treeLines({ merge, shared }: Reduction): string {
  return workgroupTree({
    value: "found",
    half: "height / 2u",
    shared,
    lane: "line",
    stride: "params.lanes",
    merge: (other) => `found = ${merge}(found, ${other});`,
    stored: true,
  });
}

function treeDeclarations({ struct, shared, declare }: Reduction, type: string, threads: number): string {
  return `${declare(type)}\nvar<workgroup> ${shared}: array<${struct}, ${threads}>;`;
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

/** What kernels bind that add parts up. */
export function partialsPart({ values, layout }: RowParts): KernelPart {
  const { type, blocks, rowsEach, rows, groups } = layout;
  return {
    buffers: { partials: read(values, `array<${type}>`) },
    uniforms: each(u32, { parts: blocks, part_rows: rowsEach, group_rows: rows, groups }),
  };
}

/** Statements for several rows at a time. */
export function unrolled(rows: number, statement: (k: number) => string): string {
  return Array.from({ length: rows }, (_, k) => statement(k)).join("\n");
}

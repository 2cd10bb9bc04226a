import type { FloatMemory } from "../../kernel/float_memory.ts";
import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { f32, type KernelPart, read, runKernel, update, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Wanted } from "../../autograd/origin.ts";
import { activationGradientDeclaration, loadStatistics, type Normalization } from "./batch_norm_kernels.ts";
import { slopeOf } from "../../kernel/activation.ts";
import { channelGrid, layoutPart, reducingRows, threadRows, walk } from "./channel_rows.ts";
import { sumIterations } from "../reductions/row_iterations.ts";
import { partialsPart, partsLayout, type RowParts } from "./row_parts.ts";

/** Where a gradient goes. */
export interface Target {
  /** Its tensor. */
  readonly tensor: Tensor;
  /** Added to what that holds. */
  readonly adding: boolean;
}

/** Where the gradients of scale and shift go, null where they are not wanted. */
export interface Targets {
  /** That of the scale. */
  readonly weight: Target | null;
  /** That of the shift. */
  readonly bias: Target | null;
}

/** Where a wanted gradient of one vector goes. */
export function target({ x, rows }: Normalization, wanted: Wanted | null): Target | null {
  if (!wanted) return null;
  return wanted.into
    ? { tensor: wanted.into, adding: wanted.accumulate ?? false }
    : { tensor: x.device.empty([rows.channels]), adding: false };
}

/**
 * Adds parts up in a launch of its own: writes (or adds to) the gradients of scale and shift, and the corrections
 * `[groups, 2, channels]`: what to take off the gradient, and what to take off for each unit of distance from the mean.
 */
export function addUp(n: Normalization, parts: RowParts, of: Targets, corrections: Tensor | null): void {
  const layout = partsLayout(parts);
  const { type, threads } = layout;
  const array = `array<${type}>` as const;
  const rows = loopIterations(threadRows(layout)) + treeIterations(threads / layout.lanes);
  runKernel(n.x.device, {
    label: "batch norm gradient sums",
    parts: [
      layoutPart(layout),
      partialsPart(parts),
      {
        buffers: {
          statistics: read(n.statistics, array),
          ...(corrections ? { corrections: write(corrections, array) } : {}),
        },
        declarations: `${treeDeclarations(type, threads)}\n${partDeclaration}`,
      },
      targetsPart(of, type),
    ],
    workgroup: threads,
    iterations: loopIterations(parts.layout.groups, rows),
    grid: channelGrid(layout),
    body: `${walk(threads)}
  var total = Sums();
  for (var batch = 0u; batch < params.groups; batch += 1u) {
    var found = Sums();
    for (var part = row; part < end; part += height) { found = join(found, part_of(batch, part, column)); }
${treeLines}
    let invstd = statistics[(batch * 4u + 1u) * params.width + clamped];
    total = join(total, Sums(found.sum, found.dot * invstd));
${
      corrections
        ? `    if (line == 0u && inside) {
      let at = batch * 2u * params.width + column;
      corrections[at] = found.sum / f32(params.group_rows);
      corrections[at + params.width] = found.dot * invstd * invstd / f32(params.group_rows);
    }`
        : ""
    }
    workgroupBarrier();
  }
  if (line == 0u && inside) {
${targetLines(of)}
  }`,
  });
}

/**
 * Sums of the gradient, and of its product with the distance from the mean. Four rows are added up before they join the
 * sum so far, which keeps long sums precise.
 */
export function partialSums({ x, rows, statistics, activation }: Normalization, gradient: Tensor): RowParts {
  const layout = reducingRows(x.device, rows);
  const { type, threads } = layout;
  const array = `array<${type}>` as const;
  const [source, upstream] = [read(x, type), read(gradient, type)];
  const values = x.device.empty([rows.groups, layout.blocks, 2, rows.channels]);
  runKernel(x.device, {
    label: "batch norm partial gradient sums",
    parts: [layoutPart(layout)],
    buffers: {
      x: source,
      statistics: read(statistics, array),
      gradient: upstream,
      partials: write(values, array),
    },
    uniforms: { slope: f32(slopeOf(activation)) },
    workgroup: threads,
    declarations: `${treeDeclarations(type, threads)}\n${activationGradientDeclaration(activation, type)}`,
    iterations: sumIterations(threadRows(layout)) + treeIterations(threads / layout.lanes),
    grid: channelGrid(layout),
    body: `${walk(threads)}
${loadStatistics("group.z")}
${sumLines(source, upstream)}
${treeLines}
  if (line == 0u && inside) {
    let at = (group.z * groups.y + group.y) * 2u * params.width + column;
    partials[at] = found.sum;
    partials[at + params.width] = found.dot;
  }`,
  });
  return { values, layout };
}

/**
 * Statements that find the sums over the thread's rows. {@linkcode sumsDeclaration} and `activation_gradient` must stand before, and
 * the statistics must be loaded.
 */
export function sumLines(source: FloatMemory, upstream: FloatMemory): string {
  const four = (make: (k: number) => string) => [0, 1, 2, 3].map(make).join("\n");
  return `  var found = Sums();
  let step = height * params.width;
  for (; row + 3u * height < end; row += 4u * height) {
    let at = row * params.width + column;
${four((k) => `    let d${k} = ${source.load(`x[at + ${k}u * step]`)} - mean;`)}
${
    four((k) =>
      `    let f${k} = activation_gradient(${
        upstream.load(`gradient[at + ${k}u * step]`)
      }, d${k} * scale + shift);`
    )
  }
    found.sum += (f0 + f1) + (f2 + f3);
    found.dot += (f0 * d0 + f1 * d1) + (f2 * d2 + f3 * d3);
  }
  for (; row < end; row += height) {
    let at = row * params.width + column;
    let centered = ${source.load("x[at]")} - mean;
    let dy = activation_gradient(${upstream.load("gradient[at]")}, centered * scale + shift);
    found = join(found, Sums(dy, dy * centered));
  }`;
}

/** What a kernel binds that ends with {@linkcode targetLines}. */
export function targetsPart({ weight, bias }: Targets, type: string): KernelPart {
  const bound = ({ tensor, adding }: Target) => (adding ? update : write)(tensor, `array<${type}>`);
  return {
    buffers: {
      ...(weight ? { weight_gradient: bound(weight) } : {}),
      ...(bias ? { bias_gradient: bound(bias) } : {}),
    },
  };
}

/** Stores the `total` of a column: the gradient itself, and its product with the normalized value. */
export function targetLines({ weight, bias }: Targets): string {
  const line = (name: string, { adding }: Target, value: string) =>
    `    ${name}[column] ${adding ? "+=" : "="} ${value};`;
  return [
    weight ? line("weight_gradient", weight, "total.dot") : "",
    bias ? line("bias_gradient", bias, "total.sum") : "",
  ].join("\n");
}

/** The two sums. */
export function sumsDeclaration(type: string): string {
  return `struct Sums { sum: ${type}, dot: ${type} }
fn join(a: Sums, b: Sums) -> Sums { return Sums(a.sum + b.sum, a.dot + b.dot); }`;
}

/** Reads one part of a column. {@linkcode sumsDeclaration} must stand before. */
export const partDeclaration: string = `fn part_of(batch: u32, part: u32, column: u32) -> Sums {
  let at = (batch * params.parts + part) * 2u * params.width + column;
  return Sums(partials[at], partials[at + params.width]);
}`;

/** Adds `found` of the threads of a column in a tree; the sum is in the first one's. */
const treeLines = `  shared_sums[thread] = found;
  for (var half = height / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (line < half) {
      found = join(found, shared_sums[thread + half * params.lanes]);
      shared_sums[thread] = found;
    }
  }`;

function treeDeclarations(type: string, threads: number): string {
  return `${sumsDeclaration(type)}
var<workgroup> shared_sums: array<Sums, ${threads}>;`;
}

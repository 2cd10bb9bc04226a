import { loopIterations } from "../../kernel/iterations.ts";
import { type KernelPart, read, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Wanted } from "../../autograd/origin.ts";
import {
  gradientPass,
  inputGradientLines,
  loadStatistics,
  type Normalization,
} from "./batch_norm_kernels.ts";
import {
  addUp,
  partDeclaration,
  partialSums,
  SUMS,
  type VectorGradients,
  vectorGradients,
} from "./batch_norm_sums.ts";
import { columnGradients } from "./batch_norm_columns.ts";
import { channelRows, columnType, hasWholeColumns, runRows, threadRows } from "./channel_rows.ts";
import { mergeIterations, mergesInKernel, partialsPart, type RowParts } from "./row_parts.ts";

/** The gradients of a batch norm that are wanted. */
export interface WantedGradients {
  /** Of the rows. */
  readonly x: Wanted | null;
  /** Of the scale. */
  readonly weight: Wanted | null;
  /** Of the shift. */
  readonly bias: Wanted | null;
  /** The statistics came from the rows, so that the gradient flows to them that way too. */
  readonly throughStatistics: boolean;
}

/**
 * Gradients of rows, scale and shift. Those of scale and shift are sums over rows, of the gradient times the normalized
 * value and of the gradient; the rows of a batch take off what flows through its mean and variance, from the same sums:
 * `dx = scale * (g - mean(g) - (x - mean) * rstd^2 * mean(g * (x - mean)))`.
 *
 * Where the sums have few parts, the kernel that writes the gradient of the rows adds them up by itself; else a launch
 * of its own does.
 */
export function normalizationGradients(
  n: Normalization,
  gradient: Tensor,
  wanted: WantedGradients,
): [x: Tensor | null, weight: Tensor | null, bias: Tensor | null] {
  const corrected = wanted.x !== null && wanted.throughStatistics;
  if (!corrected && !wanted.weight && !wanted.bias) return [inputGradient(n, gradient), null, null];
  const of = vectorGradients(n, wanted);
  const { tensors } = of;
  if (corrected && hasWholeColumns(n.x.device, n.rows)) {
    return [columnGradients(n, gradient, of), ...tensors];
  }
  const parts = partialSums(n, gradient);
  using _partials = parts.values;
  if (wanted.x && mergesInKernel(parts)) {
    return [inputGradient(n, gradient, sumsInKernel(parts, of, corrected)), ...tensors];
  }
  using corrections = corrected ? n.x.device.empty([n.rows.groups, 2, n.rows.channels]) : null;
  addUp(n, parts, of, corrections);
  if (!wanted.x) return [null, ...tensors];
  return [inputGradient(n, gradient, corrections ? readyCorrections(corrections) : undefined), ...tensors];
}

/** What a kernel needs for `grad_mean` and `proj_scale`: what to subtract, and what for each unit of distance from the mean. */
interface Corrections extends KernelPart {
  /** Statements that define them. */
  readonly lines: string;
  /** Whether the lines define them: the kernel may be there just for the sums. */
  readonly corrected: boolean;
}

const NO_CORRECTIONS: Corrections = { lines: "", corrected: false };

function inputGradient(n: Normalization, gradient: Tensor, corrections = NO_CORRECTIONS): Tensor {
  const { x } = n;
  const layout = channelRows(x.device, n.rows);
  const { type } = layout;
  const output = x.device.empty(x.shape, x.dtype);
  const { source, upstream, slope, ...pass } = gradientPass(n, gradient, type);
  runRows(x.device, layout, {
    label: "batch norm input gradient",
    parts: [pass, corrections],
    buffers: { output: write(output, type) },
    uniforms: slope,
    iterations: loopIterations(threadRows(layout)),
    body: `${loadStatistics("group.z")}
${corrections.lines}
${inputGradientLines(source, upstream, corrections.corrected)}`,
  });
  return output;
}

/** Corrections that {@linkcode addUp} left. */
function readyCorrections(corrections: Tensor): Corrections {
  return {
    buffers: { corrections: read(corrections, `array<${columnType(corrections.shape[2]!)}>`) },
    lines: `  let correction = group.z * 2u * params.width + clamped;
  let grad_mean = corrections[correction];
  let proj_scale = corrections[correction + params.width];`,
    corrected: true,
  };
}

/**
 * Corrections that each thread finds for its column. The first workgroups write the gradients of scale and shift: those
 * sum over all groups, in order.
 */
function sumsInKernel(parts: RowParts, of: VectorGradients, corrected: boolean): Corrections {
  const partials = partialsPart(parts);
  return {
    buffers: { ...partials.buffers, ...of.buffers },
    ...(partials.uniforms ? { uniforms: partials.uniforms } : {}),
    iterations: mergeIterations(parts),
    declarations: `${SUMS.declare(parts.layout.type)}
fn sums_of(batch: u32, column: u32) -> Sums {
  var found = Sums();
  for (var part = 0u; part < params.parts; part += 1u) { found = join(found, part_of(batch, part, column)); }
  return found;
}
${partDeclaration}`,
    lines: `${
      corrected
        ? `  let sums = sums_of(group.z, clamped);
  let grad_mean = sums.sum / f32(params.rows);
  let proj_scale = sums.dot * invstd * invstd / f32(params.rows);`
        : ""
    }
${
      of.lines
        ? `  if (group.y == 0u && group.z == 0u && line == 0u && inside) {
    var total = Sums();
    for (var batch = 0u; batch < params.groups; batch += 1u) {
      let sums = sums_of(batch, column);
      total = join(total, Sums(sums.sum, sums.dot * statistics[(batch * 4u + 1u) * params.width + column]));
    }
${of.lines}  }`
        : ""
    }`,
    corrected,
  };
}

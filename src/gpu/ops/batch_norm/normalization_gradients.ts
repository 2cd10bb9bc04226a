import type { Wanted } from "../../autograd/origin.ts";
import { belowZero, slopeOf } from "../../kernel/activation.ts";
import { f32, read, update, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { columnsOf } from "./channel_rows.ts";
import { loading } from "./column_values.ts";
import { type GradientRows, gradientSums } from "./gradient_sums.ts";
import { type Normalization, STATISTICS } from "./normalization.ts";
import { linesOf, type RowFormula, type RowPart, runPass } from "./row_kernel.ts";
import type { Ready } from "./passes.ts";
import { type FirstReading, firstReading, readingStored } from "./summed_rows.ts";
import { runTwoPasses } from "./passes/two_passes.ts";

/**
 * Gradients of rows, scale and shift. Those of scale and shift are sums over rows, of the gradient times the normalized
 * value and of the gradient; the rows of a batch take off what flows through its mean and variance, from the same sums:
 * `dx = scale * (dy - mean(dy) - (x - mean) * invstd^2 * mean(dy * (x - mean)))`.
 */
export function normalizationGradients(
  n: Normalization,
  gradient: Tensor,
  [ofX = null, ofWeight = null, ofBias = null]: readonly (Wanted | null)[],
): [x: Tensor | null, weight: Tensor | null, bias: Tensor | null] {
  const { x, rows } = n;
  const { device } = x;
  const corrected = ofX !== null && n.throughStatistics;
  const source = readingRows(n, readingStored("gradient", gradient));
  const given = loading(STATISTICS, n.statistics);
  const dx = ofX && device.empty(x.shape, x.dtype);
  const second = dx && inputGradient(source, dx, corrected);
  const label = "batch norm input gradient";
  if (second && !corrected && !ofWeight && !ofBias) {
    runPass(device, rows, label, [source, given], second);
    return [dx, null, null];
  }
  const first = readingRows(n, firstReading("gradient", gradient));
  const [dWeight, weight] = vectorGradient("weight_gradient", "total.dot", n, ofWeight);
  const [dBias, bias] = vectorGradient("bias_gradient", "total.sum", n, ofBias);
  runTwoPasses(device, {
    labels: {
      both: "batch norm gradients of columns",
      first: "batch norm partial gradient sums",
      merging: "batch norm gradient sums",
      second: label,
      secondMerging: label,
    },
    rows,
    first,
    source,
    reads: 2,
    given,
    reduction: gradientSums(first),
    once: null,
    ready: corrected ? CORRECTIONS : null,
    totals: dWeight || dBias
      ? {
        buffers: { ...weight.buffers, ...bias.buffers },
        start: "  var total = Sums();",
        lines: "  total = join(total, Sums(found.sum, found.dot * invstd));",
        end: linesOf(weight, bias),
      }
      : null,
    totalsOf: "shard",
    second,
  });
  return [dx, dWeight, dBias];
}

/** Reads the rows of `x`, and those of `dy`: the gradient, back through the activation. */
function readingRows(n: Normalization, gradient: FirstReading): GradientRows {
  const { activation } = n;
  const { type } = columnsOf(n.rows.channels);
  const x = read(n.x, type);
  return {
    type,
    buffers: { x, ...gradient.buffers },
    uniforms: { slope: f32(slopeOf(activation)), ...gradient.uniforms },
    iterationsEach: gradient.iterationsEach,
    declarations: `${
      gradient.declarations ?? ""
    }fn activation_gradient(gradient: ${type}, z: ${type}) -> ${type} {
  return ${activation ? `select(gradient, ${belowZero("gradient", type)}, z <= ${type}())` : "gradient"};
}`,
    centered: (at) => `${x.load(`x[${at}]`)} - mean`,
    dy: (at, centered) => `activation_gradient(${gradient.value(at)}, ${centered} * scale + shift)`,
  };
}

/** Writes the gradient of the rows; `corrected` by `grad_mean` and `proj_scale`. */
function inputGradient({ type, centered, dy }: GradientRows, dx: Tensor, corrected: boolean): RowFormula {
  const output = write(dx, type);
  const value = (k: string) =>
    `scale * ${corrected ? `(dy${k} - grad_mean - centered${k} * proj_scale)` : `dy${k}`}`;
  return {
    buffers: { output },
    found: (k) =>
      `    let centered${k} = ${centered(`at${k}`)};
    let dy${k} = ${dy(`at${k}`, `centered${k}`)};`,
    stored: (k) => `    output[at${k}] = ${output.store(value(k))};`,
  };
}

/** What to take off `dy`, and what to take off for each unit of distance from the mean. */
const CORRECTIONS: Ready = {
  values: { buffer: "corrections", names: ["grad_mean", "proj_scale"] },
  lines: `  let grad_mean = found.sum / f32(params.group_rows);
  let proj_scale = found.dot * invstd * invstd / f32(params.group_rows);`,
};

/** Where the gradient of scale or shift goes if it is wanted, and the part of a kernel that stores it. */
function vectorGradient(
  name: string,
  value: string,
  { x, rows: { channels } }: Normalization,
  wanted: Wanted | null,
): [Tensor | null, RowPart] {
  if (!wanted) return [null, {}];
  const tensor = wanted.into ?? x.device.empty([channels]);
  const adding = wanted.into !== undefined && wanted.accumulate === true;
  return [tensor, {
    buffers: { [name]: (adding ? update : write)(tensor, columnsOf(channels).array) },
    lines: `  ${name}[clamped] ${adding ? "+=" : "="} ${value};`,
  }];
}

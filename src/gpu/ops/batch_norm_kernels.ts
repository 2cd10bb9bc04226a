import { defineKernel, type Kernel, type KernelSpec } from "../kernel.ts";
import type { Tensor, Wanted } from "../tensor.ts";
import { channelGrid, type ChannelRows, channelRows, ROW_FIELDS, rowValues, walk } from "./channel_rows.ts";
import { MAX_PARTIALS, partsLayout } from "./channel_statistics.ts";

/** An activation that follows a normalisation in the same kernels. */
export type FusedActivation =
  | { readonly type: "relu" }
  | { readonly type: "leaky_relu"; readonly slope: number };

/** What the kernels below share: `rows * channels` values, how they were normalised, and what follows. */
export interface Normalisation {
  /** `[..., channels]`. */
  readonly x: Tensor;
  /** Product of all extents but the last. */
  readonly rows: number;
  /** The last extent. */
  readonly channels: number;
  /** Mean and reciprocal standard deviation, `[2, channels]`. */
  readonly statistics: Tensor;
  /** Scale, `[channels]`. */
  readonly weight: Tensor;
  /** Shift, `[channels]`. */
  readonly bias: Tensor;
  /** Applied to the result. */
  readonly activation: FusedActivation | undefined;
}

/** Sums over rows of the gradient, as `[2, channels]`: see {@linkcode sumGradients}. */
export interface GradientSums {
  /** Mean gradient, and what to take off for each unit of distance from the mean; for the gradient of `x`. */
  readonly corrections: Tensor | null;
  /** Gradient of the scale. */
  readonly weight: Tensor | null;
  /** Gradient of the shift. */
  readonly bias: Tensor | null;
}

/** `activation((x - mean) * (weight * rstd) + bias)`, in one launch. */
export function normalise(n: Normalisation): Tensor {
  const layout = channelRows(n.x.device, n.rows, n.channels);
  const array = `array<${layout.type}>`;
  const kernel = defineKernel({
    label: "batch norm",
    bindings: { ...normaliseBindings(array), output: ["write", array] },
    uniforms: { ...ROW_FIELDS, slope: "f32" },
    workgroup: layout.threads,
    body: `${walk(layout.threads)}
${loadChannel}
  for (; row < end; row += height) {
    let at = row * params.width + column;
    let z = (x[at] - mean) * scale + shift;
    output[at] = ${activated(n.activation, layout.type)};
  }`,
  });
  const output = n.x.device.empty(n.x.shape);
  launch(n, kernel, layout, { output });
  return output;
}

/**
 * Adds up the gradient and its product with the distance from the mean, in two launches. Writes (or adds to) the
 * gradients of scale and shift where they are wanted, and the corrections that the gradient of `x` needs in training.
 */
export function sumGradients(
  n: Normalisation,
  gradient: Tensor,
  wanted: { corrections: boolean; weight: Wanted | null; bias: Wanted | null },
): GradientSums {
  const partials = partialGradientSums(n, gradient);
  const { device } = partials;
  const layout = partsLayout(device, partials.shape[0]!, n.channels);
  const { type, threads } = layout;
  const access = (wish: Wanted) =>
    [wish.into && wish.accumulate ? "update" : "write", `array<${type}>`] as const;
  const store = (name: string, wish: Wanted | null, value: string) =>
    wish
      ? `    ${name}[column] = ${wish.into && wish.accumulate ? `${name}[column] + ` : ""}${value};\n`
      : "";
  const kernel = defineKernel({
    label: "batch norm gradient sums",
    bindings: {
      partials: ["read", `array<${type}>`],
      statistics: ["read", `array<${type}>`],
      ...(wanted.corrections ? { corrections: ["write", `array<${type}>`] } as const : {}),
      ...(wanted.weight ? { weight_gradient: access(wanted.weight) } : {}),
      ...(wanted.bias ? { bias_gradient: access(wanted.bias) } : {}),
    },
    uniforms: { ...ROW_FIELDS, count: "f32" },
    workgroup: threads,
    declarations: sumDeclarations(type, threads),
    body: `${walk(threads)}
  var found = Sums();
  for (; row < end; row += height) {
    let at = row * 2u * params.width + column;
    found = Sums(found.plain + partials[at], found.product + partials[at + params.width]);
  }
${sumLines}
  if (line == 0u && inside) {
    let rstd = statistics[params.width + column];
${store("weight_gradient", wanted.weight, "found.product * rstd")}${
      store("bias_gradient", wanted.bias, "found.plain")
    }${
      wanted.corrections
        ? `    corrections[column] = found.plain / params.count;
    corrections[params.width + column] = found.product * rstd * rstd / params.count;
`
        : ""
    }  }`,
  });
  const place = (wish: Wanted | null) => (wish ? wish.into ?? device.empty([n.channels]) : null);
  const sums: GradientSums = {
    corrections: wanted.corrections ? device.empty([2, n.channels]) : null,
    weight: place(wanted.weight),
    bias: place(wanted.bias),
  };
  device.launch(
    kernel,
    {
      partials,
      statistics: n.statistics,
      ...(sums.corrections ? { corrections: sums.corrections } : {}),
      ...(sums.weight ? { weight_gradient: sums.weight } : {}),
      ...(sums.bias ? { bias_gradient: sums.bias } : {}),
    },
    { ...rowValues(layout), count: n.rows },
    channelGrid(layout),
  );
  return sums;
}

/**
 * The gradient of `x`. In training the statistics depend on `x` as well, which takes the corrections off:
 * `dx = weight * rstd * (g - mean(g) - (x - mean) * rstd^2 * mean(g * (x - mean)))`.
 */
export function inputGradient(n: Normalisation, gradient: Tensor, corrections: Tensor | null): Tensor {
  const layout = channelRows(n.x.device, n.rows, n.channels);
  const { type } = layout;
  const array = `array<${type}>`;
  const kernel = defineKernel({
    label: "batch norm input gradient",
    bindings: {
      ...normaliseBindings(array),
      gradient: ["read", array],
      ...(corrections ? { corrections: ["read", array] } as const : {}),
      output: ["write", array],
    },
    uniforms: { ...ROW_FIELDS, slope: "f32" },
    workgroup: layout.threads,
    declarations: flowDeclaration(n.activation, type),
    body: `${walk(layout.threads)}
${loadChannel}
${
      corrections
        ? `  let offset = corrections[load_at];
  let lean = corrections[params.width + load_at];`
        : ""
    }
  for (; row < end; row += height) {
    let at = row * params.width + column;
    let distance = x[at] - mean;
    let flowing = flow(gradient[at], distance * scale + shift);
    output[at] = ${corrections ? "scale * (flowing - offset - distance * lean)" : "scale * flowing"};
  }`,
  });
  const output = n.x.device.empty(n.x.shape);
  launch(n, kernel, layout, { gradient, ...(corrections ? { corrections } : {}), output });
  return output;
}

/**
 * `[parts, 2, channels]`: sums of the gradient, and of its product with the distance from the mean. Four rows are added
 * up before they join the sum so far, which keeps long sums precise.
 */
function partialGradientSums(n: Normalisation, gradient: Tensor): Tensor {
  const layout = channelRows(n.x.device, n.rows, n.channels, MAX_PARTIALS);
  const { type, threads } = layout;
  const array = `array<${type}>`;
  const four = (make: (k: number) => string) => [0, 1, 2, 3].map(make);
  const kernel = defineKernel({
    label: "batch norm partial gradient sums",
    bindings: { ...normaliseBindings(array), gradient: ["read", array], partials: ["write", array] },
    uniforms: { ...ROW_FIELDS, slope: "f32" },
    workgroup: threads,
    declarations: `${sumDeclarations(type, threads)}\n${flowDeclaration(n.activation, type)}`,
    body: `${walk(threads)}
${loadChannel}
  var found = Sums();
  let step = height * params.width;
  for (; row + 3u * height < end; row += 4u * height) {
    let at = row * params.width + column;
${four((k) => `    let d${k} = x[at + ${k}u * step] - mean;`).join("\n")}
${four((k) => `    let f${k} = flow(gradient[at + ${k}u * step], d${k} * scale + shift);`).join("\n")}
    found.plain += (f0 + f1) + (f2 + f3);
    found.product += (f0 * d0 + f1 * d1) + (f2 * d2 + f3 * d3);
  }
  for (; row < end; row += height) {
    let at = row * params.width + column;
    let distance = x[at] - mean;
    let flowing = flow(gradient[at], distance * scale + shift);
    found.plain += flowing;
    found.product += flowing * distance;
  }
${sumLines}
  if (line == 0u && inside) {
    let at = group.y * 2u * params.width + column;
    partials[at] = found.plain;
    partials[at + params.width] = found.product;
  }`,
  });
  const partials = n.x.device.empty([layout.blocks, 2, n.channels]);
  launch(n, kernel, layout, { gradient, partials });
  return partials;
}

function launch(
  n: Normalisation,
  kernel: Kernel,
  layout: ChannelRows,
  buffers: Record<string, Tensor>,
): void {
  const { x, statistics, weight, bias, activation } = n;
  const slope = activation?.type === "leaky_relu" ? activation.slope : 0;
  x.device.launch(
    kernel,
    { x, statistics, weight, bias, ...buffers },
    { ...rowValues(layout), slope },
    channelGrid(layout),
  );
}

function normaliseBindings(array: string): KernelSpec["bindings"] {
  return { x: ["read", array], statistics: ["read", array], weight: ["read", array], bias: ["read", array] };
}

const loadChannel = `  let load_at = min(column, params.width - 1u);
  let mean = statistics[load_at];
  let scale = weight[load_at] * statistics[params.width + load_at];
  let shift = bias[load_at];`;

/** The activation of `z`. Comparisons are such that NaN stays NaN. */
function activated(activation: FusedActivation | undefined, type: string): string {
  if (!activation) return "z";
  const below = activation.type === "relu" ? `${type}()` : "z * params.slope";
  return `select(z, ${below}, z <= ${type}())`;
}

/** The gradient that reaches `z`, given the one of its activation. */
function flowDeclaration(activation: FusedActivation | undefined, type: string): string {
  const below = activation?.type === "relu" ? `${type}()` : "gradient * params.slope";
  return `fn flow(gradient: ${type}, z: ${type}) -> ${type} {
  return ${activation ? `select(gradient, ${below}, z <= ${type}())` : "gradient"};
}`;
}

/** Adds `found` of the threads of a column in a tree; the sum is in the first one's. */
const sumLines = `  shared_sums[thread] = found;
  for (var half = height / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (line < half) {
      let other = shared_sums[thread + half * params.lanes];
      found = Sums(found.plain + other.plain, found.product + other.product);
      shared_sums[thread] = found;
    }
  }`;

function sumDeclarations(type: string, threads: number): string {
  return `struct Sums { plain: ${type}, product: ${type} }
var<workgroup> shared_sums: array<Sums, ${threads}>;`;
}

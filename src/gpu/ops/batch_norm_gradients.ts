import { defineKernel, type KernelSpec } from "../kernel.ts";
import type { Tensor, Wanted } from "../tensor.ts";
import { type FusedActivation, LOAD_STATISTICS, type Normalisation, slopeOf } from "./batch_norm_kernels.ts";
import { channelGrid, channelRows, reducingRows, ROW_FIELDS, rowValues, walk } from "./channel_rows.ts";
import { addsUpOnTheSide, PART_FIELDS, partsLayout, partValues, type RowParts } from "./row_parts.ts";

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
 * Gradients of rows, scale and shift. Those of scale and shift are sums over rows, of the gradient times the normalised
 * value and of the gradient; the rows of a batch take off what flows through its mean and variance, from the same sums:
 * `dx = scale * (g - mean(g) - (x - mean) * rstd^2 * mean(g * (x - mean)))`.
 *
 * Where the sums have few parts, the kernel that writes the gradient of the rows adds them up by itself; else a launch
 * of its own does.
 */
export function normalisationGradients(
  n: Normalisation,
  gradient: Tensor,
  wanted: WantedGradients,
): [x: Tensor | null, weight: Tensor | null, bias: Tensor | null] {
  const corrected = wanted.x !== null && wanted.throughStatistics;
  if (!corrected && !wanted.weight && !wanted.bias) return [inputGradient(n, gradient), null, null];
  const parts = partialSums(n, gradient);
  const of = { weight: target(n, wanted.weight), bias: target(n, wanted.bias) };
  const tensors = [of.weight?.tensor ?? null, of.bias?.tensor ?? null] as const;
  if (wanted.x && addsUpOnTheSide(parts)) {
    return [inputGradient(n, gradient, sumsOnTheSide(parts, of, corrected)), ...tensors];
  }
  const corrections = corrected ? n.x.device.empty([n.rows.groups, 2, n.rows.channels]) : null;
  addUp(n, parts, of, corrections);
  if (!wanted.x) return [null, ...tensors];
  return [inputGradient(n, gradient, corrections ? readyCorrections(corrections) : undefined), ...tensors];
}

/** Where a gradient goes. */
interface Target {
  readonly tensor: Tensor;
  readonly adding: boolean;
}

/** Targets for scale and shift. */
interface Targets {
  readonly weight: Target | null;
  readonly bias: Target | null;
}

function target({ x, rows }: Normalisation, wish: Wanted | null): Target | null {
  if (!wish) return null;
  return wish.into
    ? { tensor: wish.into, adding: wish.accumulate ?? false }
    : { tensor: x.device.empty([rows.channels]), adding: false };
}

/** What a kernel has besides its rows to know `offset` and `lean`: what to take off, and that for each unit of distance. */
interface Corrections {
  readonly bindings: KernelSpec["bindings"];
  readonly buffers: Readonly<Record<string, Tensor>>;
  readonly uniforms: NonNullable<KernelSpec["uniforms"]>;
  readonly values: Readonly<Record<string, number>>;
  readonly declarations: string;
  readonly lines: string;
  /** Whether the lines define them: the kernel may be there just for the sums. */
  readonly corrected: boolean;
}

const NO_CORRECTIONS: Corrections = {
  bindings: {},
  buffers: {},
  uniforms: {},
  values: {},
  declarations: "",
  lines: "",
  corrected: false,
};

function inputGradient(n: Normalisation, gradient: Tensor, corrections = NO_CORRECTIONS): Tensor {
  const { x, statistics, activation } = n;
  const layout = channelRows(x.device, n.rows);
  const { type } = layout;
  const array = `array<${type}>`;
  const kernel = defineKernel({
    label: "batch norm input gradient",
    bindings: {
      x: ["read", array],
      statistics: ["read", array],
      gradient: ["read", array],
      ...corrections.bindings,
      output: ["write", array],
    },
    uniforms: { ...ROW_FIELDS, ...corrections.uniforms, slope: "f32" },
    workgroup: layout.threads,
    declarations: `${flowDeclaration(activation, type)}\n${corrections.declarations}`,
    body: `${walk(layout.threads)}
${LOAD_STATISTICS}
${corrections.lines}
  for (; row < end; row += height) {
    let at = row * params.width + column;
    let distance = x[at] - mean;
    let flowing = flow(gradient[at], distance * scale + shift);
    output[at] = scale * ${corrections.corrected ? "(flowing - offset - distance * lean)" : "flowing"};
  }`,
  });
  const output = x.device.empty(x.shape);
  x.device.launch(
    kernel,
    { x, statistics, gradient, ...corrections.buffers, output },
    { ...rowValues(layout), ...corrections.values, slope: slopeOf(activation) },
    channelGrid(layout),
  );
  return output;
}

/** Corrections that {@linkcode addUp} left. */
function readyCorrections(corrections: Tensor): Corrections {
  const array = corrections.shape[2]! % 4 === 0 ? "array<vec4f>" : "array<f32>";
  return {
    ...NO_CORRECTIONS,
    bindings: { corrections: ["read", array] },
    buffers: { corrections },
    lines: `  let correction = group.z * 2u * params.width + near;
  let offset = corrections[correction];
  let lean = corrections[correction + params.width];`,
    corrected: true,
  };
}

/** Corrections that each thread finds for its column; the first workgroups write the gradients of scale and shift. */
function sumsOnTheSide(parts: RowParts, of: Targets, corrected: boolean): Corrections {
  const { type } = parts.layout;
  return {
    bindings: { partials: ["read", `array<${type}>`], ...targetBindings(of, type) },
    buffers: { partials: parts.values, ...targetBuffers(of) },
    uniforms: PART_FIELDS,
    values: partValues(parts),
    declarations: `${sumsDeclaration(type)}
fn sums_of(batch: u32, column: u32) -> Sums {
  var found = Sums();
  for (var part = 0u; part < params.parts; part += 1u) { found = join(found, part_of(batch, part, column)); }
  return found;
}
${partDeclaration}`,
    lines: `${
      corrected
        ? `  let sums = sums_of(group.z, near);
  let offset = sums.plain / f32(params.rows);
  let lean = sums.product * rstd * rstd / f32(params.rows);`
        : ""
    }
${
      of.weight || of.bias
        ? `  if (group.y == 0u && group.z == 0u && line == 0u && inside) {
    var total = Sums();
    for (var batch = 0u; batch < params.groups; batch += 1u) {
      let sums = sums_of(batch, column);
      total = join(total, Sums(sums.plain, sums.product * statistics[(batch * 4u + 1u) * params.width + column]));
    }
${targetLines(of)}
  }`
        : ""
    }`,
    corrected,
  };
}

/** Adds parts up: writes (or adds to) the gradients of scale and shift, and the corrections for each group. */
function addUp(n: Normalisation, parts: RowParts, of: Targets, corrections: Tensor | null): void {
  const layout = partsLayout(parts);
  const { type, threads } = layout;
  const array = `array<${type}>`;
  const kernel = defineKernel({
    label: "batch norm gradient sums",
    bindings: {
      partials: ["read", array],
      statistics: ["read", array],
      ...(corrections ? { corrections: ["write", array] } as const : {}),
      ...targetBindings(of, type),
    },
    uniforms: { ...ROW_FIELDS, ...PART_FIELDS },
    workgroup: threads,
    declarations: `${treeDeclarations(type, threads)}\n${partDeclaration}`,
    body: `${walk(threads)}
  var total = Sums();
  for (var batch = 0u; batch < params.groups; batch += 1u) {
    var found = Sums();
    for (var part = row; part < end; part += height) { found = join(found, part_of(batch, part, column)); }
${treeLines}
    let rstd = statistics[(batch * 4u + 1u) * params.width + near];
    total = join(total, Sums(found.plain, found.product * rstd));
${
      corrections
        ? `    if (line == 0u && inside) {
      let at = batch * 2u * params.width + column;
      corrections[at] = found.plain / f32(params.group_rows);
      corrections[at + params.width] = found.product * rstd * rstd / f32(params.group_rows);
    }`
        : ""
    }
    workgroupBarrier();
  }
  if (line == 0u && inside) {
${targetLines(of)}
  }`,
  });
  n.x.device.launch(
    kernel,
    {
      partials: parts.values,
      statistics: n.statistics,
      ...(corrections ? { corrections } : {}),
      ...targetBuffers(of),
    },
    { ...rowValues(layout), ...partValues(parts) },
    channelGrid(layout),
  );
}

/**
 * Sums of the gradient, and of its product with the distance from the mean. Four rows are added up before they join the
 * sum so far, which keeps long sums precise.
 */
function partialSums({ x, rows, statistics, activation }: Normalisation, gradient: Tensor): RowParts {
  const layout = reducingRows(x.device, rows);
  const { type, threads } = layout;
  const array = `array<${type}>`;
  const four = (make: (k: number) => string) => [0, 1, 2, 3].map(make);
  const kernel = defineKernel({
    label: "batch norm partial gradient sums",
    bindings: {
      x: ["read", array],
      statistics: ["read", array],
      gradient: ["read", array],
      partials: ["write", array],
    },
    uniforms: { ...ROW_FIELDS, slope: "f32" },
    workgroup: threads,
    declarations: `${treeDeclarations(type, threads)}\n${flowDeclaration(activation, type)}`,
    body: `${walk(threads)}
${LOAD_STATISTICS}
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
    found = join(found, Sums(flowing, flowing * distance));
  }
${treeLines}
  if (line == 0u && inside) {
    let at = (group.z * groups.y + group.y) * 2u * params.width + column;
    partials[at] = found.plain;
    partials[at + params.width] = found.product;
  }`,
  });
  const values = x.device.empty([rows.groups, layout.blocks, 2, rows.channels]);
  x.device.launch(
    kernel,
    { x, statistics, gradient, partials: values },
    { ...rowValues(layout), slope: slopeOf(activation) },
    channelGrid(layout),
  );
  return { values, layout };
}

function targetBindings({ weight, bias }: Targets, type: string): KernelSpec["bindings"] {
  const binding = ({ adding }: Target) => [adding ? "update" : "write", `array<${type}>`] as const;
  return {
    ...(weight ? { weight_gradient: binding(weight) } : {}),
    ...(bias ? { bias_gradient: binding(bias) } : {}),
  };
}

function targetBuffers({ weight, bias }: Targets): Record<string, Tensor> {
  return {
    ...(weight ? { weight_gradient: weight.tensor } : {}),
    ...(bias ? { bias_gradient: bias.tensor } : {}),
  };
}

/** Stores `total`. */
function targetLines({ weight, bias }: Targets): string {
  const line = (name: string, { adding }: Target, value: string) =>
    `    ${name}[column] ${adding ? "+=" : "="} ${value};`;
  return [
    weight ? line("weight_gradient", weight, "total.product") : "",
    bias ? line("bias_gradient", bias, "total.plain") : "",
  ].join("\n");
}

/** The gradient that reaches `z`, given the one of its activation. */
function flowDeclaration(activation: FusedActivation | undefined, type: string): string {
  const below = activation?.type === "relu" ? `${type}()` : "gradient * params.slope";
  return `fn flow(gradient: ${type}, z: ${type}) -> ${type} {
  return ${activation ? `select(gradient, ${below}, z <= ${type}())` : "gradient"};
}`;
}

function sumsDeclaration(type: string): string {
  return `struct Sums { plain: ${type}, product: ${type} }
fn join(a: Sums, b: Sums) -> Sums { return Sums(a.plain + b.plain, a.product + b.product); }`;
}

const partDeclaration = `fn part_of(batch: u32, part: u32, column: u32) -> Sums {
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

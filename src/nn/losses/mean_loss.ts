import { workgroupTree } from "../../gpu/kernel/workgroup_tree.ts";
import { loopIterations, treeIterations } from "../../gpu/kernel/iterations.ts";
import { linearGrid } from "../../gpu/kernel/kernel.ts";
import { each, f32, type KernelPart, read, runKernel, u32, write } from "../../gpu/kernel/run_kernel.ts";
import { formatShape, sameShape } from "../../gpu/tensor/shape.ts";
import { Tensor } from "../../gpu/tensor/tensor.ts";
import { derive } from "../../gpu/autograd/origin.ts";
import { map } from "../../gpu/ops/elementwise/map.ts";
import { mean } from "../../gpu/ops/reductions/sum.ts";

/** A loss as the mean of a formula over the elements of inputs of one shape. */
export interface LossFormula {
  /** Name for error messages and profiles. */
  name: string;
  /** The formula, a WGSL expression of `vec4f` over the inputs' names. */
  value: string;
  /** Its derivatives with respect to the inputs that gradients can flow to. */
  gradients: Readonly<Record<string, string>>;
  /** WGSL functions that the formulas call. */
  declarations?: string;
}

/** The inputs of a loss, those that are tensors and those that are numbers. */
interface Operands {
  tensors: Readonly<Record<string, Tensor>>;
  numbers: Readonly<Record<string, number>>;
}

const THREADS = 256;
/** Up to here one workgroup adds everything, each thread at most 32 numbers. */
const ONE_WORKGROUP = 32 * THREADS;

/**
 * The mean of a formula, a tensor of shape `[]`: one launch for as many elements as a batch of logits has, and one for
 * each gradient. An input may be a number, which counts as a tensor filled with it.
 *
 * @throws {RangeError} if shapes differ.
 */
export function meanLoss(formula: LossFormula, inputs: Readonly<Record<string, Tensor | number>>): Tensor {
  const entries = Object.entries(inputs);
  const operands: Operands = {
    tensors: Object.fromEntries(
      entries.filter((entry): entry is [string, Tensor] => entry[1] instanceof Tensor),
    ),
    numbers: Object.fromEntries(
      entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    ),
  };
  checkShapes(formula.name, operands.tensors);
  const { size } = Object.values(operands.tensors)[0]!;
  const output = size <= ONE_WORKGROUP ? reduceAtOnce(formula, operands) : reduceInParts(formula, operands);
  const names = Object.keys(formula.gradients).filter((name) => name in operands.tensors);
  return derive(
    output,
    names.map((name) => operands.tensors[name]!),
    (gradient, wanted) =>
      names.map((name, i) => wanted[i] ? gradientOf(formula, name, operands, gradient) : null),
  );
}

function reduceAtOnce(formula: LossFormula, operands: Operands): Tensor {
  const { device, size } = Object.values(operands.tensors)[0]!;
  const output = device.empty([]);
  const busy = Math.min(THREADS, Math.ceil(size / 4));
  const half = Math.floor(2 ** Math.ceil(Math.log2(busy)) / 2);
  const part = partOf(operands);
  runKernel(device, {
    label: formula.name,
    buffers: { ...part.buffers, output: write(output, "array<f32>") },
    uniforms: { ...each(u32, { count: size, half }), ...part.uniforms },
    grid: [1, 1, 1],
    workgroup: THREADS,
    declarations: `${formula.declarations ?? ""}var<workgroup> partial: array<f32, ${THREADS}>;`,
    iterations: loopIterations(Math.ceil(size / (4 * THREADS))) + treeIterations(THREADS),
    body: `  var totals = vec4f();
  for (var quad = thread; quad * 4u < params.count; quad += ${THREADS}u) {
    ${reads(operands, "quad")}
    let inside = quad * 4u + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count);
    totals += select(vec4f(), ${insert(formula.value, operands)}, inside);
  }
  var total = (totals.x + totals.y) + (totals.z + totals.w);
${workgroupTree({ value: "total", half: "params.half", shared: "partial" })}
  if (thread == 0u) { output[0] = total / f32(params.count); }`,
  });
  return output;
}

function reduceInParts(formula: LossFormula, operands: Operands): Tensor {
  using values = map(formula.name, operands.tensors, insert(formula.value, operands), {
    uniforms: operands.numbers,
    ...(formula.declarations ? { declarations: formula.declarations } : {}),
  });
  return mean(values);
}

function gradientOf(formula: LossFormula, name: string, operands: Operands, upstream: Tensor): Tensor {
  const { device, shape, size } = operands.tensors[name]!;
  const output = device.empty(shape);
  const quads = Math.ceil(size / 4);
  const part = partOf(operands);
  runKernel(device, {
    label: `${formula.name} gradient`,
    buffers: {
      ...part.buffers,
      upstream: read(upstream, "array<f32>"),
      output: write(output, "array<vec4f>"),
    },
    uniforms: { quads: u32(quads), scale: f32(1 / size), ...part.uniforms },
    grid: linearGrid(quads),
    ...(formula.declarations ? { declarations: formula.declarations } : {}),
    body: `  if (index >= params.quads) { return; }
  ${reads(operands, "index")}
  output[index] = upstream[0] * params.scale * (${insert(formula.gradients[name]!, operands)});`,
  });
  return output;
}

function checkShapes(name: string, tensors: Readonly<Record<string, Tensor>>): void {
  const [first, ...others] = Object.entries(tensors);
  for (const [other, { shape }] of others) {
    if (sameShape(shape, first![1].shape)) continue;
    throw new RangeError(
      `${name}() needs tensors of one shape, found '${first![0]}' of ${formatShape(first![1].shape)}, ` +
        `'${other}' of ${formatShape(shape)}`,
    );
  }
}

/** What all kernels of a loss bind of its operands. */
function partOf({ tensors, numbers }: Operands): Required<Pick<KernelPart, "buffers" | "uniforms">> {
  const buffers = Object.entries(tensors).map(([name, tensor]) =>
    [`${name}_values`, read(tensor, "array<vec4f>")] as const
  );
  return { buffers: Object.fromEntries(buffers), uniforms: each(f32, numbers) };
}

function reads({ tensors }: Operands, quad: string): string {
  return Object.keys(tensors).map((name) => `let ${name} = ${name}_values[${quad}];`).join("\n    ");
}

/** The formula with the numbers among its inputs read from the uniforms. */
function insert(formula: string, { numbers }: Operands): string {
  return formula.replace(/\b[a-z_]\w*/g, (name) => (name in numbers ? `vec4f(params.${name})` : name));
}

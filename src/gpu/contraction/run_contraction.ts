import type { Device } from "../device/device.ts";
import type { FloatHolder } from "../kernel/float_memory.ts";
import { linearGrid } from "../kernel/kernel.ts";
import { each, f32, read, runKernel, u32, update, write } from "../kernel/run_kernel.ts";
import { loopIterations } from "../kernel/iterations.ts";
import { activationDeclaration, slopeOf } from "../kernel/activation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Contraction } from "./sums/contraction.ts";
import { contractionKernel } from "./kernels/build_kernel.ts";
import { partDepth } from "./kernels/loops.ts";
import type { Epilogue } from "./sums/problem.ts";
import { tileOf } from "./kernels/schedule.ts";
import { tileGrid } from "./kernels/tile_grid.ts";
import type { KernelVariant } from "./variants/variant.ts";

/** Runs a sum of products by a kernel of its own, and another one if it is split or added to something. */
export function runContraction(device: Device, contraction: Contraction, variant: KernelVariant): void {
  const { problem, rows, columns, depth, phases = 1, a, b, bias, activation, output, accumulate = false } =
    contraction;
  const { schedule, splits } = variant;
  const tile = tileOf(schedule);
  const tiles = {
    columns: Math.ceil(columns / tile.columns),
    rows: Math.ceil(rows / tile.rows),
    layers: phases * splits,
  };
  const { workgroups, folded } = tileGrid(`${problem.label} ${contraction.detail}`, tiles);
  using parts = splits > 1 || accumulate ? device.empty([splits, rows * columns]) : undefined;
  const target = parts ?? output;
  const finish = parts ? {} : { bias, activation };
  const { kernel, uniforms } = contractionKernel(
    problem,
    schedule,
    epilogueOf(contraction, tile, target, finish),
    { splits, part: partDepth(depth, splits), folded: folded ? tiles : undefined },
  );
  device.launch(
    kernel,
    { a, b, output: target, ...(finish.bias ? { bias: finish.bias } : {}) },
    uniforms,
    workgroups,
    { work: 2 * (contraction.products ?? rows * columns * depth * phases), detail: contraction.detail },
  );
  if (parts) addParts(contraction, parts, splits);
}

/** What is applied to sums before they are stored. */
type Finish = Partial<Pick<Contraction, "bias" | "activation">>;

/** How tiles of this size are finished and written to an output. */
function epilogueOf(
  { rows, columns, splittable = false, unevenPhases = false }: Contraction,
  tile: { rows: number; columns: number },
  output: FloatHolder,
  { bias, activation }: Finish,
): Epilogue {
  return {
    bias: bias !== undefined,
    activation,
    split: splittable,
    wholeRows: rows % tile.rows === 0 && !unevenPhases,
    wholeColumns: columns % tile.columns === 0,
    output,
  };
}

/** Adds the parts of a split sum up, in order, and finishes the sums. */
function addParts(
  { output, columns, bias, activation, accumulate = false }: Contraction,
  parts: Tensor,
  splits: number,
): void {
  const target = (accumulate ? update : write)(output, "f32");
  const total = bias ? "sum + bias[index % params.columns]" : "sum";
  const count = output.size;
  runKernel(output.device, {
    label: "add parts",
    buffers: {
      parts: read(parts, "array<f32>"),
      ...(bias ? { bias: read(bias, "array<f32>") } : {}),
      output: target,
    },
    uniforms: { ...each(u32, { count, splits, columns }), slope: f32(slopeOf(activation)) },
    grid: linearGrid(count),
    declarations: activation ? activationDeclaration(activation) : "",
    iterations: loopIterations(splits),
    body: `  if (index >= params.count) { return; }
  var sum = ${accumulate ? target.load("output[index]") : "0.0"};
  for (var split = 0u; split < params.splits; split++) { sum += parts[split * params.count + index]; }
  output[index] = ${target.store(activation ? `activate(vec4f(${total})).x` : total)};`,
  });
}

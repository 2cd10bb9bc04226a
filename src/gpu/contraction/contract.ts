import type { Device } from "../device.ts";
import { type FloatHolder, memoryOf } from "../float_memory.ts";
import { defineKernel, type Kernel, linearGrid } from "../kernel.ts";
import { slopeOf } from "../ops/activation.ts";
import type { Tensor } from "../tensor.ts";
import type { Contraction } from "./contraction.ts";
import { contractionKernel } from "./contraction_kernel.ts";
import type { Epilogue } from "./problem.ts";
import { tileOf } from "./schedule.ts";
import { foldedValues, tileGrid } from "./tile_grid.ts";
import type { Variant } from "./variant.ts";
import { variantOf } from "./variants.ts";

/** Runs a sum of products by the variant that suits the device and the sizes. */
export function contract(device: Device, contraction: Contraction): void {
  contractBy(device, contraction, variantOf(device, contraction));
}

/** Runs a sum of products by a variant. */
export function contractBy(device: Device, contraction: Contraction, variant: Variant): void {
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
  const part = Math.ceil(depth / splits / 4) * 4;
  using parts = splits > 1 || accumulate ? device.empty([splits, rows * columns]) : undefined;
  const target = parts ?? output;
  device.launch(
    kernelOf(contraction, variant, target, folded),
    { a, b, output: target, ...(bias ? { bias } : {}) },
    {
      ...contraction.uniforms,
      rows,
      columns,
      part,
      splits,
      slope: slopeOf(activation),
      ...foldedValues(tiles),
    },
    workgroups,
    { work: 2 * (contraction.products ?? rows * columns * depth * phases), detail: contraction.detail },
  );
  if (parts) addParts(device, parts, output, splits, accumulate);
}

/** The kernel of a variant that writes to an output, for a grid that is folded or not. */
function kernelOf(
  contraction: Contraction,
  { schedule }: Variant,
  output: FloatHolder,
  folded: boolean,
): Kernel {
  const { problem, rows, columns, bias, activation, splittable = false, unevenPhases = false } = contraction;
  const tile = tileOf(schedule);
  const epilogue: Epilogue = {
    bias: bias !== undefined,
    activation,
    split: splittable,
    wholeRows: rows % tile.rows === 0 && !unevenPhases,
    wholeColumns: columns % tile.columns === 0,
    output,
  };
  return contractionKernel(problem, schedule, epilogue, folded);
}

/** Adds the parts of a split sum up, in order. */
function addParts(device: Device, parts: Tensor, output: Tensor, splits: number, accumulate: boolean): void {
  const memory = memoryOf(output, "f32");
  const kernel = defineKernel({
    label: "add parts",
    bindings: { parts: ["read", "array<f32>"], output: [accumulate ? "update" : "write", memory.array] },
    uniforms: { count: "u32", splits: "u32" },
    body: `  if (index >= params.count) { return; }
  var sum = ${accumulate ? memory.load("output[index]") : "0.0"};
  for (var split = 0u; split < params.splits; split++) { sum += parts[split * params.count + index]; }
  output[index] = ${memory.store("sum")};`,
  });
  const count = output.size;
  device.launch(kernel, { parts, output }, { count, splits }, linearGrid(count));
}

import type { Device } from "../device/device.ts";
import type { FloatHolder } from "../kernel/float_memory.ts";
import type { EpilogueActivation } from "../kernel/activation.ts";
import { addParts } from "./add_parts.ts";
import type { Contraction } from "./sums/contraction.ts";
import { contractionKernel } from "./kernels/build_kernel.ts";
import { partLength } from "./kernels/loops.ts";
import type { Epilogue } from "./sums/problem.ts";
import { tileOf } from "./kernels/schedule.ts";
import { tileGrid } from "./kernels/tile_grid.ts";
import { isUnaligned } from "./variants/runs_on.ts";
import type { KernelVariant } from "./variants/variant.ts";

/** Runs a sum of products by a kernel of its own, and another one if it is split or added to something. */
export function runContraction(device: Device, contraction: Contraction, variant: KernelVariant): void {
  const { problem, rows, columns, depth, phases = 1, a, b, bias, activation, gate, output } = contraction;
  const { schedule, splits } = variant;
  const tile = tileOf(schedule);
  const tiles = {
    columns: Math.ceil(columns / tile.columns),
    rows: Math.ceil(rows / tile.rows),
    layers: phases * splits,
  };
  const { workgroups, folded } = tileGrid(`${problem.label} ${contraction.detail}`, tiles);
  using parts = splits > 1 || contraction.accumulate ? device.empty([splits, output.size]) : undefined;
  const target = parts ?? output;
  const finish = parts ? {} : { bias, activation: activation ?? placeholderOf(contraction), gate };
  const inParts = (contraction.splittable ?? false) && (splits > 1 || !problem.partOfRun);
  const { kernel, uniforms } = contractionKernel(
    problem,
    schedule,
    epilogueOf(contraction, tile, target, { ...finish, inParts }),
    { splits, part: partLength(problem.length, splits), folded: folded ? tiles : undefined },
  );
  device.launch(
    kernel,
    {
      a,
      b,
      output: target,
      ...(finish.bias ? { bias: finish.bias } : {}),
      ...(finish.gate ? { gate: finish.gate.of } : {}),
    },
    uniforms,
    workgroups,
    { work: 2 * (contraction.products ?? rows * columns * depth * phases), detail: contraction.detail },
  );
  if (parts) addParts(contraction, parts, splits);
}

/** What is applied to sums before they are stored, and whether they may be those of parts. */
type Finish = Partial<Pick<Contraction, "bias" | "activation" | "gate">> & { readonly inParts: boolean };

/** An activation that leaves everything as it is, to the bit. */
const IDENTITY: EpilogueActivation = { type: "leaky_relu", slope: 1 };

/**
 * The activation of sums that have none. A discriminator's first layer usually ends in a LeakyReLU, and the gradient of a
 * generator's last one is the same sum without: with a slope of 1 both are one text. On a software adapter that compiles
 * sooner than a second one, while a product for each result is nothing beside its sum.
 */
function placeholderOf({ problem, direction, gate }: Contraction): EpilogueActivation | undefined {
  // A gate has the one slope of a kernel
  return direction === "forward" && isUnaligned(problem) && !gate ? IDENTITY : undefined;
}

/** How tiles of this size are finished and written to an output. */
function epilogueOf(
  { rows, columns, unevenPhases = false }: Contraction,
  tile: { rows: number; columns: number },
  output: FloatHolder,
  { bias, activation, gate, inParts }: Finish,
): Epilogue {
  return {
    bias: bias !== undefined,
    activation,
    gate,
    split: inParts,
    wholeRows: rows % tile.rows === 0 && !unevenPhases,
    wholeColumns: columns % tile.columns === 0,
    output,
  };
}

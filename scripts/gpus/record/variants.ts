import { contractBy } from "../../../src/gpu/contraction/contract.ts";
import type { Contraction } from "../../../src/gpu/contraction/sums/contraction.ts";
import { fits } from "../../../src/gpu/contraction/variants/runs_on.ts";
import { formatVariant, type Variant } from "../../../src/gpu/contraction/variants/variant.ts";
import type { Kernel } from "../../../src/gpu/kernel/kernel.ts";
import type { Device, Tensor } from "../../../src/gpu/mod.ts";
import { candidatesFor } from "../../../src/gpu/tuning/candidates.ts";

/** A kernel of a variant that the tuner tries. */
export interface VariantKernel {
  readonly kernel: Kernel;
  /** The variant as text, without the number of parts, of which the kernel's text knows nothing. */
  readonly variant: string;
  /** Whether it computes the products, and does not only prepare or finish them. */
  readonly isMain: boolean;
}

/** The kernels of every variant of a contraction that the tuner tries on a device, in one part and in several. */
export function variantKernels(device: Device, contraction: Contraction): VariantKernel[] {
  return candidatesFor(device, contraction).flatMap((variant) => {
    // Of the number of parts, a kernel's text only knows whether there are several
    const other = { ...variant, splits: variant.splits === 1 ? 2 : 1 };
    return fits(device, contraction, other) ? [variant, other] : [variant];
  }).flatMap((variant) =>
    kernelsOf(device, contraction, variant).map((kernel) => ({
      kernel,
      variant: formatVariant(variant).replace(/ splits \d+$/, ""),
      isMain: kernel.label.startsWith(`${contraction.problem.label} ${variant.schedule.shape} `),
    }))
  );
}

/** The tensors of a contraction that was recorded are gone, so it is given others of the same kind. */
function kernelsOf(device: Device, contraction: Contraction, variant: Variant): Kernel[] {
  using owned = new DisposableStack();
  const like = ({ shape, dtype }: Tensor): Tensor => owned.use(device.empty(shape, dtype));
  const { a, b, bias, output } = contraction;
  const own = {
    ...contraction,
    a: like(a),
    b: like(b),
    output: like(output),
    ...(bias ? { bias: like(bias) } : {}),
  };
  using program = device.program({}, () => contractBy(device, own, variant));
  return program.launches.map(({ launch }) => launch.kernel);
}

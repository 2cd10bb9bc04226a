import type { Tensor } from "../../gpu/mod.ts";
import { clipGradientNorm, gradientNorm, type Network, type Optimizer } from "../../nn/mod.ts";

/**
 * Updates a network once. Gives the norm of its gradients before they are clipped, if it is to be clipped or the norm
 * is `wanted`.
 *
 * @param clip The largest norm; 0 if gradients stay as they are.
 */
export function updateNetwork(
  network: Network,
  optimizer: Optimizer,
  { clip, wanted }: { readonly clip: number; readonly wanted: boolean },
): Tensor | undefined {
  if (clip === 0 && wanted && optimizer.stepWithNorm) return optimizer.stepWithNorm();
  const norm = clip !== 0 ? clipGradientNorm(network, clip) : wanted ? gradientNorm(network) : undefined;
  optimizer.step();
  return norm;
}

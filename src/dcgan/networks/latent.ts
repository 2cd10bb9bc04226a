import {
  type Device,
  hostNormal,
  hostUniform,
  randomNormal,
  randomUniform,
  type Tensor,
} from "../../gpu/mod.ts";

/** What latent vectors are drawn from: N(0, 1), or uniformly from [-1, 1) as in the paper. */
export type LatentDistribution = "normal" | "uniform";

/** Ends of the uniform distribution. */
const ENDS = { low: -1, high: 1 };

/** Latent vectors `[count, length]`, the same on every adapter. */
export function drawLatent(
  device: Device,
  count: number,
  length: number,
  distribution: LatentDistribution,
  source: { seed: number; stream: number; counter: number | Tensor },
): Tensor {
  const shape = [count, length];
  return distribution === "normal"
    ? randomNormal(device, shape, source)
    : randomUniform(device, shape, { ...source, ...ENDS });
}

/** The same latent vectors on the host, one after another. */
export function hostLatent(
  count: number,
  length: number,
  distribution: LatentDistribution,
  source: { seed: number; stream: number; counter: number },
): Float32Array<ArrayBuffer> {
  return distribution === "normal"
    ? hostNormal(count * length, source)
    : hostUniform(count * length, { ...source, ...ENDS });
}
